using Continuity.Contracts.Reliability;
using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Faults;
using Continuity.ControlPlane.Services;
using Continuity.Testing.Postgres;

namespace Continuity.ControlPlane.Tests.Faults;

/// <summary>What the monitors see becomes a record of faults.</summary>
public sealed class OutageTests(PostgresFixture postgres)
{
    private static readonly TimeSpan _outage = TimeSpan.FromHours(2);

    [Fact]
    public async Task Outage_ThatEnds_IsAFaultOfItsLength()
    {
        await using var plane = await CreateAsync();
        await SayAsync(plane, Verdict.Failed, "It refuses connections.");
        await PassAsync(plane);

        await SayAsync(plane, Verdict.Healthy);

        var fault = Assert.Single(await FaultsAsync(plane)).Observed;
        Assert.Equal("replica", fault.Component);
        Assert.False(fault.IsDrill);
        Assert.InRange(fault.RepairHours!.Value, _outage.TotalHours, _outage.TotalHours + 0.1);
        Assert.Equal("Seen by the monitors: replica model-1 failed. It refuses connections.", fault.Note);
    }

    [Fact]
    public async Task Outage_DuringWhichTheMonitorsWaver_IsOneFaultFromItsBegin()
    {
        await using var plane = await CreateAsync();
        await SayAsync(plane, Verdict.Failed, "It refuses connections.");
        await PassAsync(plane);
        await SayAsync(plane, Verdict.Suspect);
        await SayAsync(plane, Verdict.Failed, "It answers 503.");

        await SayAsync(plane, Verdict.Healthy);

        var fault = Assert.Single(await FaultsAsync(plane)).Observed;
        Assert.True(fault.RepairHours >= _outage.TotalHours);
        Assert.EndsWith("It refuses connections.", fault.Note);
    }

    [Fact]
    public async Task Outage_ThatEndsWithAServerAtAnotherAddress_IsAFault()
    {
        await using var plane = await CreateAsync();
        await SayAsync(plane, Verdict.Failed);
        await DeclareAsync(plane, Request with { Address = new Uri("http://127.0.0.1:8102") });

        await SayAsync(plane, Verdict.Healthy);

        Assert.Single(await FaultsAsync(plane));
    }

    [Fact]
    public async Task Outages_OneAfterTheOther_AreAFaultEach()
    {
        await using var plane = await CreateAsync();
        for (var outage = 0; outage < 2; outage++)
        {
            await SayAsync(plane, Verdict.Failed);
            await SayAsync(plane, Verdict.Healthy);
        }

        Assert.Equal(2, (await FaultsAsync(plane)).Count);
    }

    [Theory]
    [InlineData(ReplicaState.Draining)]
    [InlineData(ReplicaState.Stopped)]
    public async Task Replica_TakenOutOnPurpose_HasNoOutage(ReplicaState state)
    {
        await using var plane = await CreateAsync();
        await DeclareAsync(plane, Request with { State = state });
        await SayAsync(plane, Verdict.Failed);

        await DeclareAsync(plane, Request);
        await SayAsync(plane, Verdict.Healthy);

        Assert.Empty(await FaultsAsync(plane));
    }

    [Fact]
    public async Task Replica_ThatOnlyLookedSuspect_HadNoOutage()
    {
        await using var plane = await CreateAsync();
        await SayAsync(plane, Verdict.Suspect);

        await SayAsync(plane, Verdict.Healthy);

        Assert.Empty(await FaultsAsync(plane));
    }

    private static PutReplicaRequest Request { get; } =
        new() { Site = "east", Address = new Uri("http://127.0.0.1:8101") };

    private static async Task SayAsync(ControlPlaneHarness plane, Verdict verdict, string? reason = null) =>
        Assert.True(await plane.Get<ReplicaStore>().SetVerdictAsync(
            new ReplicaVerdict("model-1", verdict, reason, "monitor-east"), CancellationToken.None));

    // The database's clock can't be moved: what began is moved instead.
    private static Task PassAsync(ControlPlaneHarness plane) =>
        plane.SqlAsync($"UPDATE outages SET began_at = began_at - interval '{_outage.TotalSeconds} seconds'");

    private static async Task<IReadOnlyList<Fault>> FaultsAsync(ControlPlaneHarness plane) =>
        (await new FaultStore(plane.Get<ControlPlaneDatabase>()).ListAsync(null, 100, CancellationToken.None)).Items;

    private static Task<PutReplica> DeclareAsync(ControlPlaneHarness plane, PutReplicaRequest request) =>
        plane.Get<ReplicaStore>().PutAsync("chat", "model-1", request, CancellationToken.None);

    private async Task<ControlPlaneHarness> CreateAsync()
    {
        var plane = await ControlPlaneHarness.CreateAsync(postgres);
        await plane.DeclareSetsAsync();
        await plane.Get<ServiceStore>().PutAsync("chat", new ServiceSettings(), CancellationToken.None);
        await DeclareAsync(plane, Request);
        return plane;
    }
}
