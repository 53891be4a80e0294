using Npgsql;

namespace Continuity.Testing.Postgres;

/// <summary>A database of its own for a test or a test class, dropped on disposal.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly PostgresFixture _fixture;

    internal TestDatabase(PostgresFixture fixture, string name)
    {
        _fixture = fixture;
        Name = name;
        ConnectionString = fixture.Server.ConnectionString(name);
        DataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    public string Name { get; }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _fixture.DropDatabaseAsync(Name);
    }
}
