using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Jobs;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Jobs;
using Continuity.ControlPlane.Protection;
using Continuity.Testing.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Continuity.ControlPlane.Tests;

/// <summary>The control plane's stores over a database of the test's own, with no host around them.</summary>
internal sealed class ControlPlaneHarness : IAsyncDisposable
{
    public const string East = "east";
    public const string West = "west";

    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;

    private ControlPlaneHarness(TestDatabase database, TimeProvider time)
    {
        _database = database;
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(
                new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build())
            .AddSingleton(time)
            .AddSingleton(database.DataSource)
            .AddControlPlane()
            .BuildServiceProvider();
    }

    public NpgsqlDataSource DataSource => _database.DataSource;

    public string ConnectionString => _database.ConnectionString;

    public static async Task<ControlPlaneHarness> CreateAsync(PostgresFixture postgres, TimeProvider? time = null)
    {
        var database = await postgres.CreateDatabaseAsync("migrated", MigrateAsync);
        return new ControlPlaneHarness(database, time ?? TimeProvider.System);
    }

    public static async Task MigrateAsync(string connectionString)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await new SchemaMigrator(dataSource, NullLogger<SchemaMigrator>.Instance).MigrateAsync(CancellationToken.None);
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>
    /// Declares the sites east and west, and sets that are kept at the first and copied to the second.
    /// </summary>
    public async Task DeclareSetsAsync(params string[] names)
    {
        await SqlAsync(
            """
            INSERT INTO sites (id, state, priority, weight, storage_roots)
            VALUES ('east', 'active', 0, 100, ARRAY['/srv/east']), ('west', 'active', 0, 100, ARRAY['/srv/west'])
            ON CONFLICT DO NOTHING
            """);
        foreach (var name in names)
        {
            var request = new PutArtefactSetRequest
            {
                Source = new SitePath { Site = East, Path = name },
                Targets = [new SitePath { Site = West, Path = name }],
                Archives = new SitePath { Site = West, Path = $"archives/{name}" },
            };
            Assert.IsType<PutArtefactSet.Stored>(
                await Get<ArtefactSetStore>().PutAsync(name, request, CancellationToken.None));
        }
    }

    public async Task<Job> CreateJobAsync(string set, JobKind kind = JobKind.Sync)
    {
        var request = new CreateJobRequest { Kind = kind, ArtefactSet = set };
        var creation = await Get<JobStore>().CreateAsync(request, new JobAsker("default", null),
            CancellationToken.None);
        return Assert.IsType<JobCreation.Created>(creation).Job;
    }

    public async Task SqlAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"No row from: {sql}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }
}
