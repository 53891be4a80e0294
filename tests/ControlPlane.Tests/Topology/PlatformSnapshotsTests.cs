using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Topology;
using Continuity.Testing.Postgres;
using Npgsql;

namespace Continuity.ControlPlane.Tests.Topology;

public sealed class PlatformSnapshotsTests(PostgresFixture postgres)
{
    /// <summary>A change has the time of its transaction's begin, which says nothing of when others see it.</summary>
    [Fact]
    public async Task ReadVersion_OfAChangeStoredAfterALaterOne_IsAnother()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        await plane.DeclareSetsAsync("slow", "quick");
        var snapshots = new PlatformSnapshots(plane.Get<ControlPlaneDatabase>(), plane.Get<Notifications>());
        await using var connection = await plane.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var change = new NpgsqlCommand(Move("slow"), connection, transaction);
        await change.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await plane.SqlAsync(Move("quick"));
        var before = await snapshots.ReadVersionAsync(TestContext.Current.CancellationToken);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(before, await snapshots.ReadVersionAsync(TestContext.Current.CancellationToken));
    }

    private static string Move(string set) =>
        $"UPDATE artefact_sets SET source_path = source_path || '-moved' WHERE name = '{set}'";
}
