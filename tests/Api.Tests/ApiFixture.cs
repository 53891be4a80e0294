using Continuity.Contracts.Keys;
using Continuity.Testing.Postgres;

namespace Continuity.Api.Tests;

/// <summary>One Api over a real PostgreSQL for all tests, each of which uses names of its own.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private PostgresServer? _postgres;
    private ApiProcess? _api;

    internal ApiProcess Api => _api ?? throw new InvalidOperationException("The fixture has not been initialised.");

    internal ApiClient Admin => Api.Admin;

    public async ValueTask InitializeAsync()
    {
        _postgres = await PostgresServer.StartAsync();
        _api = await ApiProcess.StartAsync(_postgres.ConnectionString("postgres"));
        await _api.WaitUntilReadyAsync();
    }

    /// <summary>A client with a new key of these roles.</summary>
    internal async Task<ApiClient> CreateClientAsync(params Role[] roles)
    {
        var request = new CreateKeyRequest { Name = "test", Roles = roles };
        var created = await Admin.PostAsync<CreatedKey>("keys", request);
        return Api.CreateClient(created.Key);
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }
    }
}
