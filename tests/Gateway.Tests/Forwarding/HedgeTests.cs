using System.Net;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Tests.Backends;
using Continuity.Testing;

namespace Continuity.Gateway.Tests.Forwarding;

/// <summary>A second replica is asked beside a slow one, within a budget, and only where that is wanted.</summary>
public sealed class HedgeTests
{
    private static readonly RetrySettings Hedging = new()
    {
        HedgeAfter = TimeSpan.FromMilliseconds(50), HedgeShare = 0,
    };

    [Fact]
    public async Task SlowFirst_TheSecondsAnswerCounts()
    {
        await using var pair = new Pair();
        await using var gateway = await pair.StartAsync(Hedging);

        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([1, 1], [pair.One.Requests.Count, pair.Two.Requests.Count]);
        Assert.Equal("2", Assert.Single(response.Headers.GetValues("x-continuity-attempts")));
    }

    [Fact]
    public async Task Budget_Used_NobodyElseIsAsked()
    {
        const int Requests = 6;
        await using var pair = new Pair();
        await using var gateway = await pair.StartAsync(Hedging);

        var asked = Enumerable.Range(0, Requests).Select(_ => gateway.ChatAsync()).ToArray();
        var attempts = await pair.AttemptsAfterAsync(Requests, TimeSpan.FromSeconds(1));
        pair.LetGo();
        var responses = await Task.WhenAll(asked);

        // The floor of the budget is two.
        Assert.InRange(attempts, Requests, Requests + 2);
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Array.ForEach(responses, response => response.Dispose());
    }

    [Fact]
    public async Task Off_ASlowReplicaIsWaitedFor()
    {
        await using var pair = new Pair();
        await using var gateway = await pair.StartAsync(new RetrySettings());

        var asking = gateway.ChatAsync();
        var attempts = await pair.AttemptsAfterAsync(1, TimeSpan.FromMilliseconds(500));
        pair.LetGo();
        using var response = await asking;

        Assert.Equal(1, attempts);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>Two replicas; whichever is asked first waits until it is let go, the other answers at once.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private StubBackend? _slow;

        public Pair()
        {
            One = new StubBackend(connection => AnswerAsync(connection, One!)); // Scripts run after construction.
            Two = new StubBackend(connection => AnswerAsync(connection, Two!));
        }

        public StubBackend One { get; }

        public StubBackend Two { get; }

        public Task<TestGateway> StartAsync(RetrySettings retry)
        {
            var snapshot = TestGateway.Snapshot(One, Two);
            return TestGateway.StartAsync(
                snapshot with { Services = [snapshot.Services[0] with { Retry = retry }] });
        }

        /// <summary>How often they were asked a while after they have been asked so often.</summary>
        public async Task<int> AttemptsAfterAsync(int least, TimeSpan wait)
        {
            await Eventually.HoldsAsync(() => One.Requests.Count + Two.Requests.Count >= least);
            await Task.Delay(wait, TimeProvider.System);
            return One.Requests.Count + Two.Requests.Count;
        }

        public void LetGo() => _gate.TrySetResult();

        public async ValueTask DisposeAsync()
        {
            LetGo();
            await One.DisposeAsync();
            await Two.DisposeAsync();
        }

        private async Task AnswerAsync(StubConnection connection, StubBackend self)
        {
            if ((Interlocked.CompareExchange(ref _slow, self, null) ?? self) == self)
            {
                await _gate.Task.WaitAsync(connection.Stopping);
            }

            await connection.AnswerAsync(200, "{}");
        }
    }
}
