using System.Net;
using System.Text.Json;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Forwarding;

/// <summary>
/// Replicas that don't answer everybody are shown the gateway's credential, and never the client's key.
/// </summary>
public sealed class CredentialTests
{
    private const string Setting = "--Credentials:engines=open-sesame";

    [Fact]
    public async Task Replica_IsShownTheCredentialItsRouteNames()
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(Asking(backend, "engines"), Setting);

        using var answer = await gateway.ChatAsync();

        Assert.True(backend.Requests.TryDequeue(out var request));
        Assert.Equal("Bearer open-sesame", request.Headers["authorization"]);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Replica_WhoseRouteNamesNone_IsShownNone()
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(Asking(backend, credential: null), Setting);

        using var answer = await gateway.ChatAsync();

        Assert.True(backend.Requests.TryDequeue(out var request));
        Assert.DoesNotContain("authorization", request.Headers.Keys);
    }

    [Fact]
    public async Task Replica_ThatLetsTheGatewayNotIn_IsAFailedReplicaAndNoWrongKeyOfTheClients()
    {
        await using var strict = StubBackend.Json("""{"error":{"message":"Invalid API key"}}""", status: 401);
        await using var open = StubBackend.Json("""{"from":"open"}""");
        await using var both = await TestGateway.StartAsync(strict, open);
        await using var one = await TestGateway.StartAsync(Asking(strict, "forgotten"));

        using var first = await both.ChatAsync();
        using var second = await both.ChatAsync();
        using var alone = await one.ChatAsync();
        using var error = JsonDocument.Parse(await alone.Content.ReadAsStringAsync());

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [first.StatusCode, second.StatusCode]);
        Assert.Equal(HttpStatusCode.BadGateway, alone.StatusCode);
        Assert.Contains(
            "It refuses the credential forgotten (401).",
            error.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static RoutingSnapshot Asking(StubBackend backend, string? credential)
    {
        var snapshot = TestGateway.Snapshot(backend);
        var service = snapshot.Services[0];
        var replicas = service.Replicas.Select(replica => replica with { Credential = credential });
        return snapshot with { Services = [service with { Replicas = [.. replicas] }] };
    }
}
