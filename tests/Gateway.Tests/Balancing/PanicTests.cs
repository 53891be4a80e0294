using System.Net;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Health;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Balancing;

/// <summary>More than half of a pool is out: whether they are asked all the same depends on why.</summary>
public sealed class PanicTests
{
    private const int Requests = 30;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task MostReplicas_OutForSlowness_ShareTheRequestsAllTheSame()
    {
        await using var backends = new Three();
        await using var gateway = await StartAsync(backends);
        Fail(gateway, 1, new Failure(Outcome.TimedOut, "It is slow."));
        Fail(gateway, 2, new Failure(Outcome.TimedOut, "It is slow."));

        await AskAsync(gateway);

        Assert.All(backends.All, backend => Assert.Equal(Requests / 3, backend.Requests.Count));
    }

    [Fact]
    public async Task MostReplicas_OutForIllness_AreNotAsked()
    {
        await using var backends = new Three();
        await using var gateway = await StartAsync(backends);
        Fail(gateway, 1, new Failure(Outcome.Refused, "It answered 503.", 503));
        Fail(gateway, 2, new Failure(Outcome.Broken, "The connection broke."));

        await AskAsync(gateway);

        Assert.Equal([Requests, 0, 0], backends.All.Select(backend => backend.Requests.Count));
    }

    [Fact]
    public async Task OneReplica_OutForSlowness_IsNotAsked()
    {
        await using var backends = new Three();
        await using var gateway = await StartAsync(backends);
        Fail(gateway, 2, new Failure(Outcome.TimedOut, "It is slow."));

        await AskAsync(gateway);

        Assert.Equal([Requests / 2, Requests / 2, 0], backends.All.Select(backend => backend.Requests.Count));
    }

    [Fact]
    public async Task SlowReplica_ThatProvesIll_IsAskedNoMore()
    {
        await using var backends = new Three();
        await using var gateway = await StartAsync(backends);
        Fail(gateway, 1, new Failure(Outcome.TimedOut, "It is slow."));
        Fail(gateway, 2, new Failure(Outcome.TimedOut, "It is slow."));
        Fail(gateway, 2, new Failure(Outcome.ConnectFailed, "Connection refused"));

        await AskAsync(gateway);

        Assert.Equal([Requests, 0, 0], backends.All.Select(backend => backend.Requests.Count));
    }

    [Fact]
    public async Task AllReplicas_Out_AreAskedAllTheSame()
    {
        await using var backends = new Three();
        await using var gateway = await StartAsync(backends);
        for (var index = 0; index < 3; index++)
        {
            Fail(gateway, index, new Failure(Outcome.Refused, "It answered 503.", 503));
        }

        await AskAsync(gateway);

        Assert.All(backends.All, backend => Assert.Equal(Requests / 3, backend.Requests.Count));
    }

    private static Task<TestGateway> StartAsync(Three backends)
    {
        var snapshot = TestGateway.Snapshot([.. backends.All]);
        return TestGateway.StartAsync(snapshot with
        {
            Services =
            [
                snapshot.Services[0] with
                {
                    Health = new HealthSettings
                    {
                        Interval = TimeSpan.Zero, Failures = 1, EjectionTime = Long, MaxEjectionTime = Long,
                    },
                },
            ],
        });
    }

    private static void Fail(TestGateway gateway, int index, Failure failure)
    {
        var pool = gateway.Routing.Current!.Services[0]; // It serves: there is a table.
        pool.Replicas[index].Health.Failed(pool.Route.Health, new Clock(TimeProvider.System), failure);
    }

    private static async Task AskAsync(TestGateway gateway)
    {
        for (var i = 0; i < Requests; i++)
        {
            using var response = await gateway.ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private sealed class Three : IAsyncDisposable
    {
        public StubBackend[] All { get; } = [.. Enumerable.Range(0, 3).Select(_ => StubBackend.Json("{}"))];

        public async ValueTask DisposeAsync()
        {
            foreach (var backend in All)
            {
                await backend.DisposeAsync();
            }
        }
    }
}
