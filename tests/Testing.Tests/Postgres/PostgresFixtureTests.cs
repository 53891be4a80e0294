using Continuity.Testing.Postgres;
using Continuity.Testing.Processes;
using Npgsql;

namespace Continuity.Testing.Tests.Postgres;

public sealed class PostgresFixtureTests(PostgresFixture postgres)
{
    [Fact]
    public async Task CreateDatabase_Twice_GivesDatabasesThatDoNotShareTables()
    {
        await using var one = await postgres.CreateDatabaseAsync();
        await using var other = await postgres.CreateDatabaseAsync();

        await ExecuteAsync(one, "CREATE TABLE t (id int)");

        Assert.Equal(true, await ScalarAsync(one, "SELECT to_regclass('t') IS NOT NULL"));
        Assert.Equal(true, await ScalarAsync(other, "SELECT to_regclass('t') IS NULL"));
    }

    [Fact]
    public async Task CreateDatabase_FromTemplate_PreparesOnceAndCopies()
    {
        var preparations = 0;

        var databases = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => postgres.CreateDatabaseAsync("one_row", PrepareAsync)));

        Assert.Equal(1, preparations);
        foreach (var database in databases)
        {
            Assert.Equal(1L, await ScalarAsync(database, "SELECT count(*) FROM t"));
            await ExecuteAsync(database, "INSERT INTO t VALUES (2)");
            await database.DisposeAsync();
        }

        async Task PrepareAsync(string connectionString)
        {
            Interlocked.Increment(ref preparations);
            await using var source = NpgsqlDataSource.Create(connectionString);
            await using var command = source.CreateCommand("CREATE TABLE t (id int); INSERT INTO t VALUES (1)");
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task Dispose_Database_DropsItEvenWhileInUse()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var user = NpgsqlDataSource.Create(database.ConnectionString);
        await using var open = await user.OpenConnectionAsync();

        await database.DisposeAsync();

        await using var other = await postgres.CreateDatabaseAsync();
        var query = $"SELECT count(*) FROM pg_database WHERE datname = '{database.Name}'";
        Assert.Equal(0L, await ScalarAsync(other, query));
    }

    [Fact]
    public async Task Kill_ThenRestart_ServesTheSameDataOnTheSamePort()
    {
        await using var server = await PostgresServer.StartAsync();
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres")) { Pooling = false };
        await using var source = NpgsqlDataSource.Create(settings);
        await using (var create = source.CreateCommand("CREATE TABLE t AS SELECT 41 AS id"))
        {
            await create.ExecuteNonQueryAsync();
        }

        await server.KillAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await source.OpenConnectionAsync());
        await server.RestartAsync();

        await using var read = source.CreateCommand("SELECT id FROM t");
        Assert.Equal(41, await read.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Kill_WhileAConnectionIsServedByAProcessThatIsSlowToNotice_LeavesNothingInTheWayOfTheNext()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString("postgres"));
        await using var connection = await source.OpenConnectionAsync();
        ChildProcess.SignalById(connection.ProcessID, UnixSignal.Stop);

        await server.KillAsync();
        await server.RestartAsync();

        await using var read = source.CreateCommand("SELECT 1");
        Assert.Equal(1, await read.ExecuteScalarAsync());
    }

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
