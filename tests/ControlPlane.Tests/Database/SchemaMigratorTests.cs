using Continuity.Testing.Postgres;

namespace Continuity.ControlPlane.Tests.Database;

public sealed class SchemaMigratorTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Migrate_ByManyAtOnce_HappensOnce()
    {
        await using var database = await postgres.CreateDatabaseAsync();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
            ControlPlaneHarness.MigrateAsync(database.ConnectionString)));

        await using var command = database.DataSource.CreateCommand(
            """SELECT count(*) = count(DISTINCT "MigrationId") AND count(*) > 0 FROM "__EFMigrationsHistory" """);
        Assert.Equal(true, await command.ExecuteScalarAsync());
    }
}
