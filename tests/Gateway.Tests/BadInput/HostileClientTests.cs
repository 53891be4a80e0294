using System.Net;
using System.Text;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.BadInput;

/// <summary>Clients that send what no client should: they are told so, and no replica hears of it.</summary>
public sealed class HostileClientTests
{
    private const string Body = """{"model":"chat"}""";
    private const string Smuggled = "0\r\n\r\nPOST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData("Content-Length: 70\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 70\r\n\r\n")]
    [InlineData("Content-Length: 5\r\nContent-Length: 70\r\n\r\n")]
    [InlineData("Content-Length: 5, 70\r\n\r\n")]
    [InlineData("Content-Length: -5\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\n\r\n")]
    [InlineData("X: a\r\n Transfer-Encoding: chunked\r\n\r\n")]
    public async Task Length_ThatTwoReadersCouldReadInTwoWays_IsRefusedWithAllThatFollows(string headers)
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);
        using var client = await RawClient.ConnectAsync(gateway);

        await client.SendAsync(RawClient.Head() + headers + Smuggled);
        var text = await client.ReadToEndAsync();

        Assert.Matches("^HTTP/1.1 (400|501) ", text);
        Assert.Equal(0, text.IndexOf("HTTP/1.1 ", StringComparison.Ordinal));
        Assert.Equal(0, text.LastIndexOf("HTTP/1.1 ", StringComparison.Ordinal));
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task Length_ToldInBothWays_IsRefusedInTheOpenAiShape()
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);
        using var client = await RawClient.ConnectAsync(gateway);

        await client.SendAsync(
            RawClient.Head() + "Content-Length: 70\r\nTransfer-Encoding: chunked\r\n\r\n" + Smuggled);
        var answer = await client.ReadAnswerAsync();

        Assert.Equal(400, answer.Status);
        Assert.Equal("ambiguous_length", answer.ErrorCode());
        Assert.Contains("x-request-id: ", answer.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Connection: close", answer.Head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(101, 10)]
    [InlineData(700, 100)]
    public async Task Headers_OverTheLimit_AreRefusedInTheOpenAiShape(int count, int length)
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);
        using var client = await RawClient.ConnectAsync(gateway);

        await client.SendAsync(
            $"{RawClient.Head()}{Headers(count, length)}Content-Length: {Body.Length}\r\n\r\n{Body}");
        var answer = await client.ReadAnswerAsync();

        Assert.Equal(431, answer.Status);
        Assert.Equal("headers_too_large", answer.ErrorCode());
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task Headers_BeyondAllMeasure_EndTheConnection()
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);
        using var client = await RawClient.ConnectAsync(gateway);

        await client.SendAsync(RawClient.Head() + Headers(1, 300_000));
        var text = await client.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 431 ", text, StringComparison.Ordinal);
        Assert.Empty(backend.Requests);
    }

    [Theory]
    [InlineData("Authorization: Bearer other\r\n", 401)]
    [InlineData("Host: other\r\n", 400)]
    [InlineData("X-Twice: a\r\nX-Twice: b\r\n", 200)]
    public async Task Header_SentTwice_IsNeverTakenForOneOfThem(string headers, int status)
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);
        using var client = await RawClient.ConnectAsync(gateway);

        await client.SendAsync($"{RawClient.Head()}{headers}Content-Length: {Body.Length}\r\n\r\n{Body}");
        var answer = await client.ReadAnswerAsync();

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? 1 : 0, backend.Requests.Count);
    }

    [Fact]
    public async Task Header_NamedByConnection_EndsHere()
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);
        using var client = await RawClient.ConnectAsync(gateway);

        await client.SendAsync(
            RawClient.Head() + "Connection: x-mine, Content-Length\r\nX-Mine: 1\r\nX-Other: \u00e9\r\n"
                + $"Content-Length: {Body.Length}\r\n\r\n{Body}");
        var answer = await client.ReadAnswerAsync();

        var request = Assert.Single(backend.Requests);
        Assert.Equal(200, answer.Status);
        Assert.Equal(Body, request.Text);
        Assert.False(request.Headers.ContainsKey("x-mine"));
        Assert.Equal("\u00e9", request.Headers["x-other"]);
    }

    [Fact]
    public async Task Body_InChunksThatNeverEnd_IsRefusedAtTheLimit()
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(
            TestGateway.Snapshot(backend), "--Gateway:MaxRequestBytes=50000");
        using var client = await RawClient.ConnectAsync(gateway);
        var chunk = $"3e8\r\n{new string('x', 1000)}\r\n";

        await client.SendAsync(RawClient.Head() + "Transfer-Encoding: chunked\r\n\r\n");
        for (var i = 0; i < 60; i++)
        {
            await client.SendAsync(chunk);
        }

        var answer = await client.ReadAnswerAsync();

        Assert.Equal(413, answer.Status);
        Assert.Equal("request_too_large", answer.ErrorCode());
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task Body_OverTheLimit_IsRefusedReadablyThoughItsClientSendsOn()
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(
            TestGateway.Snapshot(backend), "--Gateway:MaxRequestBytes=50000");
        using var client = await RawClient.ConnectAsync(gateway);
        const int Length = 4_000_000;

        await client.SendAsync($"{RawClient.Head()}Content-Length: {Length}\r\n\r\n{new string('x', Length)}");
        var answer = await client.ReadAnswerAsync();

        Assert.Equal(413, answer.Status);
        Assert.Equal("request_too_large", answer.ErrorCode());
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\n{\"model\"")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\n{\"mod\r\n")]
    public async Task Body_ThatStopsComing_IsGivenUp(string rest)
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(
            TestGateway.Snapshot(backend), "--Gateway:RequestBodyTimeout=00:00:00.300");
        using var client = await RawClient.ConnectAsync(gateway);

        await client.SendAsync(RawClient.Head() + rest);
        var answer = await client.ReadAnswerAsync();

        Assert.Equal(408, answer.Status);
        Assert.Equal("request_timeout", answer.ErrorCode());
        Assert.Contains("Connection: close", answer.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(backend.Requests);
    }

    [Theory]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("ffffffffffffffffff\r\n{}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}x\r\n0\r\n\r\n")]
    public async Task Body_InBrokenChunks_IsRefusedInTheOpenAiShape(string chunks)
    {
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(backend);
        using var client = await RawClient.ConnectAsync(gateway);

        await client.SendAsync(RawClient.Head() + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
        var answer = await client.ReadAnswerAsync();

        Assert.Equal(400, answer.Status);
        Assert.Equal("bad_request", answer.ErrorCode());
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task Headers_ThatComeByDrops_EndTheirConnectionsAndDisturbNobody()
    {
        const int Slow = 100;
        await using var backend = StubBackend.Json("{}");
        await using var gateway = await TestGateway.StartAsync(
            TestGateway.Snapshot(backend), "--Gateway:RequestHeadersTimeout=00:00:01");
        var slow = new List<RawClient>();
        for (var i = 0; i < Slow; i++)
        {
            slow.Add(await RawClient.ConnectAsync(gateway));
            await slow[^1].SendAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Slow: ");
        }

        using var response = await gateway.ChatAsync();
        var ends = await Task.WhenAll(slow.Select(client => client.ReadToEndAsync()));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.All(ends, end => Assert.True(
            end.Length == 0 || end.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), end));
        slow.ForEach(client => client.Dispose());
    }

    private static string Headers(int count, int length)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append("X-H").Append(i).Append(": ").Append('x', length).Append("\r\n");
        }

        return text.ToString();
    }
}
