using Continuity.Contracts.Routing;
using Continuity.Gateway.Health;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Streaming;

/// <summary>A replica whose streams all fall silent is suspected, as long as it is the only one.</summary>
public sealed class SilenceTests
{
    private const int Pieces = 60;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Silence_OfOneReplica_MovesItsStreams()
    {
        var never = new TaskCompletionSource();
        var begun = 0;
        Task Script(StubConnection connection)
        {
            var pause = Interlocked.Increment(ref begun) == 1 ? never.Task : Task.CompletedTask;
            return WriteAsync([connection], () => pause.WaitAsync(connection.Stopping));
        }

        await using var one = new StubBackend(Script);
        await using var two = new StubBackend(Script);
        await using var gateway = await StartAsync(one, two);

        var stream = await ChatStream.ReadAsync(gateway, "hi");

        Assert.True(stream.IsWhole, stream.ErrorCode);
        Assert.Equal([1, 1], [one.Requests.Count, two.Requests.Count]);
        Assert.Single(
            [Replica(gateway, 0), Replica(gateway, 1)], replica => replica.Health.Standing == Standing.Ejected);
        never.SetCanceled();
    }

    [Fact]
    public async Task Silence_OfAllReplicas_MovesNothing()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (begun, other) = (new TaskCompletionSource<StubConnection>(), new TaskCompletionSource<StubConnection>());
        await using var one = new StubBackend(connection => HoldAsync(connection, begun, ended.Task));
        await using var two = new StubBackend(connection => HoldAsync(connection, other, ended.Task));
        await using var gateway = await StartAsync(one, two);
        Task<ChatStream>[] streams = [ChatStream.ReadAsync(gateway, "hi"), ChatStream.ReadAsync(gateway, "hi")];

        // One writer for both: on a busy machine too they fall silent together, and are heard again together.
        await WriteAsync(await Task.WhenAll(begun.Task, other.Task), () => Task.Delay(Moment, TimeProvider.System));
        ended.SetResult();
        var read = await Task.WhenAll(streams);

        Assert.All(read, stream => Assert.True(stream.IsWhole, stream.ErrorCode));
        Assert.Equal([1, 1], [one.Requests.Count, two.Requests.Count]);
        Assert.Equal([Standing.Good, Standing.Good], [
            Replica(gateway, 0).Health.Standing, Replica(gateway, 1).Health.Standing]);
    }

    private static Continuity.Gateway.Routing.Replica Replica(TestGateway gateway, int index) =>
        gateway.Routing.Current!.Services[0].Replicas[index]; // It serves: there is a table.

    private static Task<TestGateway> StartAsync(params StubBackend[] backends)
    {
        var snapshot = TestGateway.Snapshot(backends);
        return TestGateway.StartAsync(snapshot with
        {
            Services =
            [
                snapshot.Services[0] with
                {
                    StallTimeout = TimeSpan.FromSeconds(30),
                    Health = new HealthSettings { Interval = TimeSpan.Zero, EjectionTime = TimeSpan.FromSeconds(16) },
                    Streams = new StreamSettings { SuspicionFloor = TimeSpan.FromMilliseconds(300) },
                },
            ],
        });
    }

    private static Task HoldAsync(
        StubConnection connection, TaskCompletionSource<StubConnection> begun, Task ended)
    {
        begun.TrySetResult(connection);
        return ended;
    }

    // The same to each, with a pause before the last pieces.
    private static async Task WriteAsync(StubConnection[] connections, Func<Task> pause)
    {
        await EachAsync(connection => connection.BeginStreamAsync());
        await EachAsync(connection =>
            connection.EventAsync("""{"id":"s","choices":[{"index":0,"delta":{"role":"assistant"}}]}"""));
        for (var i = 0; i < Pieces; i++)
        {
            if (i == Pieces - 10)
            {
                await pause();
            }

            await EachAsync(connection =>
                connection.EventAsync("""{"id":"s","choices":[{"index":0,"delta":{"content":"x "}}]}"""));
            await Task.Delay(Beat, TimeProvider.System);
        }

        await EachAsync(connection =>
            connection.EventAsync("""{"id":"s","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""));
        await EachAsync(connection => connection.EventAsync("[DONE]"));
        await EachAsync(connection => connection.EndStreamAsync());

        Task EachAsync(Func<StubConnection, Task> write) => Task.WhenAll(connections.Select(write));
    }
}
