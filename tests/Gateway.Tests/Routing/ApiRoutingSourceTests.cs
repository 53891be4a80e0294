using System.Net;
using System.Text;
using System.Text.Json;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Tests.Backends;
using Continuity.Testing;
using Microsoft.AspNetCore.Builder;

namespace Continuity.Gateway.Tests.Routing;

public sealed class ApiRoutingSourceTests : IDisposable
{
    private readonly TemporaryFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task Gateway_FollowsTheApi_AndShowsItsKey()
    {
        await using var backend = StubBackend.Json("{}");
        var snapshots = new Queue<RoutingSnapshot>(
            [TestGateway.Snapshot(), TestGateway.Snapshot(backend) with { Version = 2 }]);
        await using var api = new StubBackend(connection => AnswerAsync(connection, snapshots));
        await using var gateway = await StartAsync(api.Address);
        using var client = Client(gateway);

        await Eventually.HoldsAsync(async () => await ChatAsync(client) == HttpStatusCode.OK);

        var first = api.Requests.First();
        Assert.StartsWith("/api/v1/routing?after=0&wait=", first.Path, StringComparison.Ordinal);
        Assert.Equal("Bearer gateway-key", first.Headers["Authorization"]);
        Assert.Contains(
            api.Requests, request => request.Path.StartsWith("/api/v1/routing?after=1&", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gateway_RestartedWithoutAnApi_ServesFromTheLastKnownGoodFile()
    {
        await using var backend = StubBackend.Json("{}");
        Uri gone;
        await using (var api = new StubBackend(connection =>
            AnswerAsync(connection, new([TestGateway.Snapshot(backend)]))))
        {
            gone = api.Address;
            await using var before = await StartAsync(api.Address);
            using var client = Client(before);
            await Eventually.HoldsAsync(() => File.Exists(_cache.Combine("routing.json")));
        }

        await using var gateway = await StartAsync(gone);
        using var alone = Client(gateway);

        Assert.Equal(HttpStatusCode.OK, await ChatAsync(alone));
        Assert.Equal(HttpStatusCode.OK, (await alone.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task Gateway_ThatHasNeverSeenASnapshot_IsNotReadyAndSaysSo()
    {
        await using var api = StubBackend.Json("{}", 503);
        await using var gateway = await StartAsync(api.Address);
        using var client = Client(gateway);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/alive")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ChatAsync(client));
    }

    [Fact]
    public async Task Gateway_PassesApiRequestsToTheApi()
    {
        await using var api = StubBackend.Json("""{"items":[]}""");
        await using var gateway = await StartAsync(api.Address);
        using var client = Client(gateway);

        Assert.Equal("""{"items":[]}""", await client.GetStringAsync("/api/v1/sites?limit=3"));
        Assert.Contains(api.Requests, request => request.Path == "/api/v1/sites?limit=3");
    }

    private async Task<WebApplication> StartAsync(Uri api)
    {
        var app = GatewayApplication.Create(
        [
            "--urls=http://127.0.0.1:0", $"--services:api:http:0={api}", "--Routing:ApiKey=gateway-key",
            $"--Routing:CachePath={_cache.Path}", "--Routing:RetryDelay=00:00:00.050",
            "--Logging:LogLevel:Default=None",
        ]);
        await app.StartAsync();
        return app;
    }

    // Answers a queue of snapshots, one a poll, and holds the poll after the last until the test ends.
    private static async Task AnswerAsync(StubConnection connection, Queue<RoutingSnapshot> snapshots)
    {
        if (!snapshots.TryDequeue(out var snapshot))
        {
            await connection.HangAsync();
            return;
        }

        await connection.AnswerAsync(
            200, Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(snapshot, RoutingJson.Snapshot)));
    }

    private static HttpClient Client(WebApplication app) => new()
    {
        BaseAddress = new Uri(app.Urls.First()),
        DefaultRequestHeaders = { { "Authorization", $"Bearer {TestGateway.Key}" } },
    };

    private static async Task<HttpStatusCode> ChatAsync(HttpClient client)
    {
        using var response = await client.PostAsync("/v1/chat/completions", new StringContent("""{"model":"chat"}"""));
        return response.StatusCode;
    }
}
