using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Continuity.Contracts.Keys;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Routing;
using Continuity.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Continuity.Gateway.Tests.Backends;

/// <summary>A gateway in the test's own process that serves from a routing file, and a client for it.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    public const string Key = "ck_test_secret";
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private TestGateway(WebApplication app, TemporaryFolder folder)
    {
        _app = app;
        _folder = folder;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient { BaseAddress = Address };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public RoutingState Routing => _app.Services.GetRequiredService<RoutingState>();

    public IServiceProvider Services => _app.Services;

    public string RoutingFile => _folder.Combine("routing.json");

    public static Task<TestGateway> StartAsync(params StubBackend[] backends) => StartAsync(Snapshot(backends));

    public static async Task<TestGateway> StartAsync(RoutingSnapshot snapshot, params string[] settings)
    {
        var folder = new TemporaryFolder();
        var file = folder.Combine("routing.json");
        await File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(snapshot, RoutingJson.Snapshot));
        var app = GatewayApplication.Create(
            ["--urls=http://127.0.0.1:0", $"--Routing:File={file}", "--Logging:LogLevel:Default=None", .. settings]);
        await app.StartAsync();
        return new TestGateway(app, folder);
    }

    /// <summary>A snapshot with one service, "chat", at one site, served by these.</summary>
    public static RoutingSnapshot Snapshot(params StubBackend[] backends) => new()
    {
        Version = 1,
        CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Sites = [new SiteRoute { Id = "east" }],
        Services =
        [
            new ServiceRoute
            {
                Name = "chat",
                Policy = LoadBalancingPolicy.RoundRobin,
                FirstByteTimeout = TimeSpan.FromSeconds(10),
                Replicas = [.. backends.Select((backend, index) => Replica($"r{index}", backend.Address))],
            },
        ],
        Keys = [Entry("test", Key, Role.Client)],
    };

    public static ReplicaRoute Replica(string id, Uri address) =>
        new() { Id = id, Site = "east", Address = address, Engine = EngineKind.Vllm };

    public static KeyEntry Entry(string id, string key, params Role[] roles) => new()
    {
        Id = id,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
        Roles = roles,
    };

    public Task<HttpResponseMessage> PostAsync(
        string path, string body, params (string Name, string Value)[] headers) =>
        PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), headers);

    public async Task<HttpResponseMessage> PostAsync(
        string path, HttpContent content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Asks for a chat, not streamed.</summary>
    public Task<HttpResponseMessage> ChatAsync(params (string Name, string Value)[] headers) =>
        PostAsync("/v1/chat/completions", """{"model":"chat","messages":[{"role":"user","content":"hi"}]}""", headers);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
