using System.Collections.Concurrent;
using System.Net;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Upstream;

public sealed class ConnectionReuseTests
{
    private const string Body = """{"ok":true}""";

    [Fact]
    public async Task WholeAnswer_ConnectionServesTheNextRequest()
    {
        var seen = new ConcurrentDictionary<StubConnection, int>();
        await using var backend = new StubBackend(connection => CountAsync(seen, connection, Body));
        await using var gateway = await TestGateway.StartAsync(backend);

        for (var i = 0; i < 5; i++)
        {
            await AssertAnswersAsync(gateway, Body);
        }

        Assert.Equal([5], seen.Values);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BytesBeyondTheDeclaredLength_AreDroppedWithTheConnection(bool isWithTheAnswer)
    {
        const string Stray = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nEVIL!";
        using var sent = new SemaphoreSlim(0);
        await using var backend = new StubBackend(async connection =>
        {
            var answer = $"HTTP/1.1 200 OK\r\nContent-Length: {Body.Length}\r\n\r\n{Body}";
            await connection.SendAsync(isWithTheAnswer ? answer + Stray : answer);
            if (!isWithTheAnswer)
            {
                await connection.SendAsync(Stray);
            }

            sent.Release();
        });
        await using var gateway = await TestGateway.StartAsync(backend);

        for (var i = 0; i < 20; i++)
        {
            await AssertAnswersAsync(gateway, Body);
            await sent.WaitAsync(); // From here on the stray bytes are there to be found.
        }
    }

    [Fact]
    public async Task IdleConnectionClosedByTheReplica_IsReplacedAtNoCost()
    {
        await using var backend = new StubBackend(async connection =>
        {
            await connection.AnswerAsync(200, Body);
            connection.Reset();
        });
        var snapshot = TestGateway.Snapshot(backend);
        var service = snapshot.Services[0] with
        {
            // No retry is allowed and one failure ejects: a stale connection must count as neither.
            Retry = new RetrySettings { MaxAttempts = 1 },
            Health = new HealthSettings { Failures = 1 },
        };
        await using var gateway = await TestGateway.StartAsync(snapshot with { Services = [service] });

        for (var i = 0; i < 20; i++)
        {
            await AssertAnswersAsync(gateway, Body);
        }
    }

    [Fact]
    public async Task InterimAnswers_ArePassedOver()
    {
        await using var backend = new StubBackend(async connection =>
        {
            await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
            await connection.AnswerAsync(200, Body);
        });
        await using var gateway = await TestGateway.StartAsync(backend);

        await AssertAnswersAsync(gateway, Body);
        await AssertAnswersAsync(gateway, Body);
    }

    [Fact]
    public async Task BodyUntilClose_IsReadToItsEnd()
    {
        await using var backend = new StubBackend(async connection =>
        {
            await connection.SendAsync("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n");
            await connection.SendAsync(Body);
            connection.Dispose();
        });
        await using var gateway = await TestGateway.StartAsync(backend);

        await AssertAnswersAsync(gateway, Body);
    }

    [Fact]
    public async Task HeadInPieces_AndLargeHeaders_AreRead()
    {
        var large = new string('v', 20_000);
        await using var backend = new StubBackend(async connection =>
        {
            foreach (var piece in new[] { "HTT", "P/1.1 200 OK\r", "\nX-Large: ", large, "\r\nX-A: 1\r\nX-A: 2\r\n" })
            {
                await connection.SendAsync(piece);
                await Task.Yield();
            }

            await connection.SendAsync($"Content-Length: {Body.Length}\r\n\r\n{Body}");
        });
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await gateway.ChatAsync();

        Assert.Equal(large, Assert.Single(response.Headers.GetValues("X-Large")));
        Assert.Equal(["1", "2"], response.Headers.GetValues("X-A"));
        Assert.Equal(Body, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task DroppedReplica_ItsConnectionsAreClosed()
    {
        await using var backend = StubBackend.Json(Body);
        await using var gateway = await TestGateway.StartAsync(backend);
        await AssertAnswersAsync(gateway, Body);
        var replica = gateway.Routing.Current!.Services[0].Replicas[0]; // It has just answered.

        replica.Connections.Retire();

        Assert.Equal(0, replica.Connections.Idle);
        await AssertAnswersAsync(gateway, Body);
        Assert.Equal(0, replica.Connections.Idle);
    }

    private static async Task CountAsync(
        ConcurrentDictionary<StubConnection, int> seen, StubConnection connection, string body)
    {
        seen.AddOrUpdate(connection, 1, (_, count) => count + 1);
        await connection.AnswerAsync(200, body);
    }

    private static async Task AssertAnswersAsync(TestGateway gateway, string body) =>
        Assert.Equal(body, await AnswerAsync(gateway));

    private static async Task<string> AnswerAsync(TestGateway gateway)
    {
        using var response = await gateway.ChatAsync();
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {text}");
        return text;
    }
}
