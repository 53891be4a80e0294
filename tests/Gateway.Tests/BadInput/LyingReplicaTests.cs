using System.Net;
using Continuity.Gateway.Health;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.BadInput;

/// <summary>Replicas whose answers are no answers: another one is asked, or the client is told.</summary>
public sealed class LyingReplicaTests
{
    private const string Answer = """{"id":"1","choices":[]}""";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private const string Stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    private const string Piece = """data: {"id":"s","choices":[{"index":0,"delta":{"content":"x"}}]}""" + "\n\n";

    public static TheoryData<string> Lies =>
    [
        Ok + "Content-Length: 10\r\nContent-Length: 20\r\n\r\n{}",
        Ok + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        Ok + "Content-Length: minus\r\n\r\n{}",
        Ok + "Transfer-Encoding: gzip\r\n\r\n{}",
        Ok + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n",
        Ok + "X-Folded: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
        Ok + "X Blank: a\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 2000 OK\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nX-Endless: " + new string('x', 70_000),
        Stream + "data: this is no JSON\n\n",
        Stream + "data: {\"error\":{\"message\":\"engine is dead\"}}\n\n",
        Stream + "data: [1,2,3]\n\n",
    ];

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Lie_BeforeTheFirstByte_IsRepairedByAnotherReplica(string lie)
    {
        await using var liar = new StubBackend(connection => SayAndCloseAsync(connection, lie));
        await using var good = StubBackend.Json(Answer);
        await using var gateway = await TestGateway.StartAsync(liar, good);

        for (var i = 0; i < 2; i++)
        {
            using var response = await gateway.ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        }

        Assert.Single(liar.Requests);
        Assert.Equal(0, gateway.Routing.Current!.Services[0].Replicas[0].Outcomes[Outcome.Answered]); // It serves.
    }

    [Fact]
    public async Task Event_ThatNeverEnds_IsGivenUpAtTheLimit()
    {
        await using var endless = new StubBackend(async connection =>
        {
            await connection.SendAsync(Stream + Piece + "data: ");
            while (true)
            {
                await connection.SendAsync(new string('x', 4096));
            }
        });
        await using var gateway = await TestGateway.StartAsync(
            TestGateway.Snapshot(endless), "--Gateway:MaxEventBytes=65536");

        var text = await StreamAsync(gateway);

        Assert.StartsWith(Piece, text, StringComparison.Ordinal);
        Assert.Contains("stream_interrupted", text, StringComparison.Ordinal);
        Assert.DoesNotContain("xxxxxxxx", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_WithoutEnd_StopAtTheDeadline()
    {
        await using var endless = new StubBackend(async connection =>
        {
            await connection.SendAsync(Stream);
            while (true)
            {
                await connection.SendAsync(Piece);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }
        });
        await using var gateway = await TestGateway.StartAsync(endless);

        var text = await StreamAsync(gateway, ("x-request-timeout-ms", "4000"));

        Assert.StartsWith(Piece, text, StringComparison.Ordinal);
        Assert.Contains("deadline_exceeded", text, StringComparison.Ordinal);
        Assert.Equal(Standing.Good, gateway.Routing.Current!.Services[0].Replicas[0].Health.Standing); // It serves.
    }

    [Fact]
    public async Task Events_AfterTheEndMark_AreNotPassedOn()
    {
        const string Finish = """data: {"id":"s","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";
        await using var talkative = new StubBackend(
            connection => SayAndCloseAsync(connection, Stream + Piece + Finish + "data: [DONE]\n\n" + Piece + Piece));
        await using var gateway = await TestGateway.StartAsync(talkative);

        var text = await StreamAsync(gateway);

        Assert.Equal(Piece + Finish + "data: [DONE]\n\n", text);
    }

    private static async Task<string> StreamAsync(TestGateway gateway, params (string, string)[] headers)
    {
        using var response = await gateway.PostAsync(
            "/v1/chat/completions", """{"model":"chat","messages":[],"stream":true}""",
            [("x-continuity-continuation", "off"), .. headers]);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task SayAndCloseAsync(StubConnection connection, string text)
    {
        await connection.SendAsync(text);
        connection.Dispose();
    }
}
