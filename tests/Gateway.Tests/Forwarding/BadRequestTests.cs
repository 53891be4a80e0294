using System.Net;
using System.Text;
using Continuity.Contracts.Keys;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Forwarding;

public sealed class BadRequestTests
{
    [Theory]
    [InlineData("{", "invalid_json")]
    [InlineData("", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("{\"model\":\"chat\"} x", "invalid_json")]
    [InlineData("{\"messages\":[]}", "missing_model")]
    [InlineData("{\"model\":7}", "invalid_model")]
    [InlineData("{\"model\":\"chat\",\"model\":\"other\"}", "duplicate_field")]
    [InlineData("{\"model\":\"chat\",\"stream\":true,\"stream\":false}", "duplicate_field")]
    [InlineData("{\"model\":\"chat\",\"stream\":\"yes\"}", "invalid_type")]
    public async Task Body_ThatMakesNoSense_Is400AndReachesNoReplica(string body, string code)
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await gateway.PostAsync("/v1/chat/completions", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, await ChatForwardingTests.ErrorCodeAsync(response));
        Assert.NotEmpty(response.Headers.GetValues("x-request-id").Single());
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task Body_NestedTooDeeply_Is400()
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);
        var nested = $$"""{"model":"chat","x":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}""";

        using var response = await gateway.PostAsync("/v1/chat/completions", nested);

        Assert.Equal("invalid_json", await ChatForwardingTests.ErrorCodeAsync(response));
    }

    [Fact]
    public async Task Body_OfInvalidUtf8_Is400()
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);
        byte[] body =
            [.. Encoding.ASCII.GetBytes("""{"model":"chat","x":" """), 0xC3, 0x28, .. Encoding.ASCII.GetBytes("\"}")];

        using var response = await gateway.PostAsync("/v1/chat/completions", new ByteArrayContent(body));

        Assert.Equal("invalid_utf8", await ChatForwardingTests.ErrorCodeAsync(response));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_OverTheLimit_Is413(bool isChunked)
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(
            TestGateway.Snapshot(backend), "--Gateway:MaxRequestBytes=20000");
        var text = $$"""{"model":"chat","x":"{{new string('x', 30_000)}}"}""";
        HttpContent content = isChunked
            ? new StreamContent(new UnseekableStream(Encoding.UTF8.GetBytes(text))) : new StringContent(text);

        using var response = await gateway.PostAsync("/v1/chat/completions", content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("request_too_large", await ChatForwardingTests.ErrorCodeAsync(response));
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task Model_Unknown_Is404()
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await gateway.PostAsync("/v1/chat/completions", """{"model":"nobody"}""");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("model_not_found", await ChatForwardingTests.ErrorCodeAsync(response));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Basic Y2tfdGVzdF9zZWNyZXQ=", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer expired", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer viewer", HttpStatusCode.Forbidden)]
    [InlineData("Bearer admin", HttpStatusCode.OK)]
    [InlineData("bearer " + TestGateway.Key, HttpStatusCode.OK)]
    public async Task Key_Decides(string? authorization, HttpStatusCode expected)
    {
        await using var backend = StubBackend.Json("{}");
        var snapshot = TestGateway.Snapshot(backend);
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Keys =
            [
                .. snapshot.Keys,
                TestGateway.Entry("v", "viewer", Role.Viewer),
                TestGateway.Entry("a", "admin", Role.Admin),
                TestGateway.Entry("e", "expired", Role.Client) with { ExpiresAt = DateTimeOffset.UnixEpoch },
            ],
        });
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];

        using var response = await gateway.ChatAsync(headers);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? 1 : 0, backend.Requests.Count);
    }

    [Fact]
    public async Task Key_InXApiKey_IsAccepted()
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);
        gateway.Client.DefaultRequestHeaders.Authorization = null;

        using var response = await gateway.ChatAsync(("x-api-key", TestGateway.Key));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private sealed class UnseekableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
