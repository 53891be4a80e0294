using System.Net;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Routing;

public sealed class ReloadTests
{
    [Fact]
    public async Task Snapshot_ThatDropsTooManyReplicas_IsRefused_UnlessItIsMeant()
    {
        await using var backend = StubBackend.Json("{}");
        var snapshot = TestGateway.Snapshot(backend, backend, backend, backend);
        await using var gateway = await TestGateway.StartAsync(snapshot);
        var service = snapshot.Services[0];
        var smaller = snapshot with { Version = 2, Services = [service with { Replicas = [service.Replicas[0]] }] };

        var refused = gateway.Routing.Apply(smaller, "test");
        var versionAfterRefusal = gateway.Routing.Current?.Snapshot.Version;
        var applied = gateway.Routing.Apply(smaller with { AcceptReplicaLoss = true }, "test");

        Assert.Contains("drops 3 of 4 replicas", Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.Equal(1, versionAfterRefusal);
        Assert.True(applied.IsApplied);
        Assert.Equal(2, gateway.Routing.Current?.Snapshot.Version);
    }

    [Fact]
    public async Task Verdict_Failed_MovesTheRequestInFlight()
    {
        await using var silent = new StubBackend(connection => connection.HangAsync());
        await using var good = StubBackend.Json("""{"id":"good"}""");
        var snapshot = TestGateway.Snapshot(silent, good);
        await using var gateway = await TestGateway.StartAsync(snapshot);
        var service = snapshot.Services[0];
        var asked = Enumerable.Range(0, 2).Select(_ => gateway.ChatAsync()).ToArray();
        await Task.WhenAny(asked);

        gateway.Routing.Apply(
            snapshot with
            {
                Version = 2,
                Services =
                [
                    service with
                    {
                        Replicas = [service.Replicas[0] with { Verdict = Verdict.Failed }, service.Replicas[1]],
                    },
                ],
            },
            "test");
        var answers = await Task.WhenAll(asked);

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task DrainingReplica_GetsNothingNew()
    {
        await using var draining = StubBackend.Json("{}");
        await using var serving = StubBackend.Json("{}");
        var snapshot = TestGateway.Snapshot(draining, serving);
        var service = snapshot.Services[0];
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Services =
            [
                service with
                {
                    Replicas = [service.Replicas[0] with { State = ReplicaState.Draining }, service.Replicas[1]],
                },
            ],
        });

        for (var i = 0; i < 6; i++)
        {
            using var response = await gateway.ChatAsync();
        }

        Assert.Empty(draining.Requests);
        Assert.Equal(6, serving.Requests.Count);
    }
}
