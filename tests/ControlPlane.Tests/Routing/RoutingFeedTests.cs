using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Routing;
using Continuity.ControlPlane.Services;
using Continuity.Testing.Postgres;

namespace Continuity.ControlPlane.Tests.Routing;

public sealed class RoutingFeedTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Next_AVerdictChangesAndNobodyPassesItOn_FindsItByItself()
    {
        await using var plane = await CreateAsync();
        var feed = NewFeed(plane);
        var known = await feed.NextAsync(0, TimeSpan.Zero, CancellationToken.None);
        var waiting = feed.NextAsync(known!.Version, TimeSpan.FromSeconds(30), CancellationToken.None);

        // Nobody passes notifications on here: it is the feed's own look that finds the change.
        var changed = await plane.Get<ReplicaStore>().SetVerdictAsync(Failed(), CancellationToken.None);
        var snapshot = await waiting;

        Assert.True(changed);
        Assert.Equal(Verdict.Failed, snapshot!.Services[0].Replicas[0].Verdict);
    }

    [Fact]
    public async Task SetVerdict_TheSameAgain_MakesNoNewVersionAndNoEvent()
    {
        await using var plane = await CreateAsync();
        var snapshots = new RoutingSnapshots(plane.Get<ControlPlaneDatabase>());
        await plane.Get<ReplicaStore>().SetVerdictAsync(Failed(), CancellationToken.None);
        var version = await snapshots.ReadVersionAsync(CancellationToken.None);

        var changed = await plane.Get<ReplicaStore>().SetVerdictAsync(Failed(), CancellationToken.None);

        Assert.False(changed);
        Assert.Equal(version, await snapshots.ReadVersionAsync(CancellationToken.None));
        Assert.Equal(1, await plane.ScalarAsync<long>("SELECT count(*) FROM outbox"));
    }

    [Fact]
    public async Task PutReplica_UnchangedAgain_MakesNoNewVersion()
    {
        await using var plane = await CreateAsync();
        var snapshots = new RoutingSnapshots(plane.Get<ControlPlaneDatabase>());
        var version = await snapshots.ReadVersionAsync(CancellationToken.None);

        await plane.Get<ReplicaStore>().PutAsync("chat", "model-1", Request, CancellationToken.None);

        Assert.Equal(version, await snapshots.ReadVersionAsync(CancellationToken.None));
    }

    [Fact]
    public async Task PutReplica_WithAnotherCredential_IsANewVersionWithIt()
    {
        await using var plane = await CreateAsync();
        var feed = NewFeed(plane);
        var known = await feed.NextAsync(0, TimeSpan.Zero, CancellationToken.None);

        var put = await plane.Get<ReplicaStore>().PutAsync(
            "chat", "model-1", Request with { Http2 = true, Credential = "far" }, CancellationToken.None);
        var snapshot = await feed.NextAsync(known!.Version, TimeSpan.FromSeconds(30), CancellationToken.None);

        var route = Assert.Single(snapshot!.Services[0].Replicas); // Within the wait there is one.
        Assert.Equal((true, "far"), (route.Http2, route.Credential));
        Assert.Equal("far", Assert.IsType<PutReplica.Stored>(put).Replica.Credential);
    }

    /// <summary>A snapshot of version n must hold every change up to n, however writers overlap.</summary>
    [Fact]
    public async Task Read_WhileManyWrite_NeverShowsAnOlderStateUnderALargerVersion()
    {
        await using var plane = await CreateAsync();
        var store = plane.Get<ReplicaStore>();
        var snapshots = new RoutingSnapshots(plane.Get<ControlPlaneDatabase>());
        for (var replica = 2; replica <= 4; replica++)
        {
            await store.PutAsync("chat", $"model-{replica}", Request, CancellationToken.None);
        }

        using var done = new CancellationTokenSource();
        var reading = ReadAllAsync(snapshots, done.Token);
        await Task.WhenAll(Enumerable.Range(1, 4).Select(async replica =>
        {
            for (var weight = 1; weight <= 30; weight++)
            {
                await store.PutAsync("chat", $"model-{replica}", Request with { Weight = weight },
                    CancellationToken.None);
            }
        }));
        await done.CancelAsync();
        var seen = await reading;

        Assert.True(seen.Select(snapshot => snapshot.Version).Distinct().Count() > 3,
            "Hardly anything was seen changing.");
        foreach (var (earlier, later) in seen.Zip(seen.Skip(1)))
        {
            Assert.True(later.Version >= earlier.Version);
            var (before, after) = (earlier.Services[0].Replicas, later.Services[0].Replicas);
            var progress = before.Zip(after, (one, other) => other.Weight == one.Weight ? 0 : 1).Sum();
            Assert.True(progress <= later.Version - earlier.Version, "A change came without a new version.");
        }
    }

    private static PutReplicaRequest Request { get; } =
        new() { Site = "east", Address = new Uri("http://127.0.0.1:8101") };

    private static ReplicaVerdict Failed() => new("model-1", Verdict.Failed, "It refuses connections.", "monitor-east");

    private static RoutingFeed NewFeed(ControlPlaneHarness plane) => new(
        new RoutingSnapshots(plane.Get<ControlPlaneDatabase>()), plane.Get<Notifications>(), TimeProvider.System);

    private static async Task<List<RoutingSnapshot>> ReadAllAsync(RoutingSnapshots snapshots, CancellationToken done)
    {
        var seen = new List<RoutingSnapshot>();
        while (!done.IsCancellationRequested)
        {
            seen.Add(await snapshots.ReadAsync(CancellationToken.None));
        }

        return seen;
    }

    private async Task<ControlPlaneHarness> CreateAsync()
    {
        var plane = await ControlPlaneHarness.CreateAsync(postgres);
        await plane.DeclareSetsAsync();
        await plane.Get<ServiceStore>().PutAsync("chat", new ServiceSettings(), CancellationToken.None);
        await plane.Get<ReplicaStore>().PutAsync("chat", "model-1", Request, CancellationToken.None);
        return plane;
    }
}
