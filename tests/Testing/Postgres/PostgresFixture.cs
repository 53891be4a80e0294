using System.Collections.Concurrent;
using Npgsql;
using Xunit;

namespace Continuity.Testing.Postgres;

/// <summary>
/// One throw-away PostgreSQL for a test assembly (<c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>), of
/// which each
/// test or test class takes a database of its own.
/// </summary>
/// <remarks>A test that kills the server takes a <see cref="PostgresServer"/> of its own instead.</remarks>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task>> _templates = new();
    private PostgresServer? _server;
    private NpgsqlDataSource? _administration;
    private int _databases;

    /// <summary>The server that the databases are in.</summary>
    public PostgresServer Server =>
        _server ?? throw new InvalidOperationException("The fixture is not initialised: is it registered with xunit?");

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        _administration = NpgsqlDataSource.Create(_server.ConnectionString("postgres"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_administration is not null)
        {
            await _administration.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>An empty database.</summary>
    public Task<TestDatabase> CreateDatabaseAsync() => CreateFromAsync("template1");

    /// <summary>
    /// A copy of a database that <paramref name="prepare"/> fills once per test assembly: migrations, say.
    /// </summary>
    /// <param name="template">A name for what <paramref name="prepare"/> does: lower-case letters and '_'.</param>
    /// <param name="prepare">Gets the connection string of an empty database.</param>
    public async Task<TestDatabase> CreateDatabaseAsync(string template, Func<string, Task> prepare)
    {
        var name = $"template_{template}";
        await _templates.GetOrAdd(name, key => new Lazy<Task>(() => CreateTemplateAsync(key, prepare))).Value;
        return await CreateFromAsync(name);
    }

    internal Task DropDatabaseAsync(string name) => ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    private async Task<TestDatabase> CreateFromAsync(string template)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return new TestDatabase(this, name);
    }

    private async Task CreateTemplateAsync(string name, Func<string, Task> prepare)
    {
        await ExecuteAsync($"CREATE DATABASE {name}");
        var connectionString = Server.ConnectionString(name);
        await prepare(connectionString);

        // A template is copied only while nobody is connected to it; pools keep connections.
        await ExecuteAsync(
            $"SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = '{name}'");
        await ExecuteAsync($"ALTER DATABASE {name} ALLOW_CONNECTIONS false");
    }

    private async Task ExecuteAsync(string sql)
    {
        var administration = _administration
            ?? throw new InvalidOperationException("The fixture is not initialised: is it registered with xunit?");
        await using var command = administration.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
