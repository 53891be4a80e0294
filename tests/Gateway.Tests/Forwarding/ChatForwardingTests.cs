using System.Net;
using System.Text.Json;
using Continuity.Gateway.Health;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Forwarding;

public sealed class ChatForwardingTests
{
    private const string Answer = """{"id":"1","choices":[{"message":{"content":"hello"}}]}""";

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/completions")]
    [InlineData("/v1/embeddings")]
    [InlineData("/v1/responses")]
    [InlineData("/v1/messages")]
    public async Task Request_ForAKnownModel_IsAnsweredByAReplica(string path)
    {
        await using var backend = StubBackend.Json(Answer);
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await gateway.PostAsync(path, """{"model":"chat","input":"x"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal("r0", response.Headers.GetValues("x-continuity-replica").Single());
        Assert.Equal(path, Assert.Single(backend.Requests).Path);
    }

    [Fact]
    public async Task Request_PassesTraceAndRequestId_AndKeepsTheKey()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var backend = StubBackend.Json(Answer);
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await gateway.ChatAsync(
            ("traceparent", Trace), ("x-request-id", "my-request"), ("x-custom", "kept"));

        var headers = Assert.Single(backend.Requests).Headers;
        Assert.Equal("my-request", headers["x-request-id"]);
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", headers["traceparent"], StringComparison.Ordinal);
        Assert.Equal("kept", headers["x-custom"]);
        Assert.False(headers.ContainsKey("Authorization"));
        Assert.Equal("my-request", response.Headers.GetValues("x-request-id").Single());
    }

    [Fact]
    public async Task Request_WithoutAnId_GetsOne()
    {
        await using var backend = StubBackend.Json(Answer);
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await gateway.ChatAsync();

        var id = Assert.Single(backend.Requests).Headers["x-request-id"];
        Assert.NotEmpty(id);
        Assert.Equal(id, response.Headers.GetValues("x-request-id").Single());
    }

    [Fact]
    public async Task Deadline_OfTheCaller_GoesOnReduced()
    {
        await using var backend = StubBackend.Json(Answer);
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await gateway.ChatAsync(("x-request-timeout-ms", "30000"));

        Assert.InRange(int.Parse(Assert.Single(backend.Requests).Headers["x-request-timeout-ms"]), 1, 30000);
    }

    [Fact]
    public async Task Deadline_Passed_Is504()
    {
        await using var backend = new StubBackend(connection => connection.HangAsync());
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await gateway.ChatAsync(("x-request-timeout-ms", "200"));

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("deadline_exceeded", await ErrorCodeAsync(response));
        Assert.NotEmpty(response.Headers.GetValues("x-request-id").Single());
    }

    [Fact]
    public async Task Deadline_OfTheCallers_IsNoFailureOfTheReplicas()
    {
        await using var backend = new StubBackend(connection => connection.HangAsync());
        await using var gateway = await TestGateway.StartAsync(backend);
        var replica = gateway.Routing.Current!.Services[0].Replicas[0]; // It serves: there is a table.

        for (var i = 0; i < 3; i++)
        {
            using var response = await gateway.ChatAsync(("x-request-timeout-ms", "1000"));
            Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        }

        Assert.Equal(3, replica.Outcomes[Outcome.Abandoned]);
        Assert.Equal(Standing.Good, replica.Health.Standing);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    public async Task Answer_KeepsItsOwnHeaders(int status)
    {
        await using var backend = new StubBackend(connection => connection.AnswerAsync(
            status, Answer, headers: "Content-Encoding: x-own\r\nX-Twice: a\r\nX-Twice: b\r\nConnection: x-hop\r\n"));
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await gateway.ChatAsync();

        Assert.Equal(["x-own"], response.Content.Headers.ContentEncoding);
        Assert.Equal(["a", "b"], response.Headers.GetValues("x-twice"));
        Assert.Empty(response.Headers.Connection);
    }

    [Fact]
    public async Task RoundRobin_SharesEqually()
    {
        await using var one = StubBackend.Json(Answer);
        await using var two = StubBackend.Json(Answer);
        await using var gateway = await TestGateway.StartAsync(one, two);

        for (var i = 0; i < 10; i++)
        {
            using var response = await gateway.ChatAsync();
        }

        Assert.Equal(5, one.Requests.Count);
        Assert.Equal(5, two.Requests.Count);
    }

    [Fact]
    public async Task UpstreamModel_ReplacesTheName()
    {
        await using var backend = StubBackend.Json(Answer);
        var snapshot = TestGateway.Snapshot(backend);
        var service = snapshot.Services[0];
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Services = [service with { Replicas = [service.Replicas[0] with { UpstreamModel = "meta/llama \"x\"" }] }],
        });

        using var response = await gateway.ChatAsync();

        using var body = JsonDocument.Parse(Assert.Single(backend.Requests).Body);
        Assert.Equal("meta/llama \"x\"", body.RootElement.GetProperty("model").GetString());
        Assert.Equal(1, body.RootElement.GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task LargeAnswer_PassesThroughWhole()
    {
        var large = $$"""{"data":"{{new string('x', 3 << 20)}}"}""";
        await using var backend = StubBackend.Json(large);
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await gateway.ChatAsync();

        Assert.Equal(large, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Models_AreListed()
    {
        await using var backend = StubBackend.Json(Answer);
        await using var gateway = await TestGateway.StartAsync(backend);

        using var list = JsonDocument.Parse(await gateway.Client.GetStringAsync("/v1/models"));
        using var one = JsonDocument.Parse(await gateway.Client.GetStringAsync("/v1/models/chat"));
        using var none = await gateway.Client.GetAsync("/v1/models/other");

        Assert.Equal("chat", list.RootElement.GetProperty("data")[0].GetProperty("id").GetString());
        Assert.Equal("chat", one.RootElement.GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    internal static async Task<string?> ErrorCodeAsync(HttpResponseMessage response)
    {
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("error").GetProperty("code").GetString();
    }
}
