using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Continuity.Testing;
using Continuity.Testing.Models;

namespace Continuity.ModelServer.Tests.Faults;

/// <summary>
/// The class has a server of its own, because a fault is the whole server's; each test finds it well.
/// </summary>
public sealed class FaultTests(FaultyServer server) : IClassFixture<FaultyServer>, IAsyncLifetime
{
    private ModelServerProcess Server => server.Process;

    public async ValueTask InitializeAsync() => await Server.SetFaultAsync(new { mode = "none" });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("503", HttpStatusCode.ServiceUnavailable)]
    [InlineData("429", HttpStatusCode.TooManyRequests)]
    public async Task Status_ForSomeRequests_ThenTheServerIsWell(string mode, HttpStatusCode expected)
    {
        await Server.SetFaultAsync(new { mode, count = 2 });

        Assert.Equal(expected, (await Server.Client.PostBadAsync(Body())).Status);
        Assert.Equal(expected, (await Server.Client.PostBadAsync(Body())).Status);
        await Server.Client.PostAsync(Conversation.Ask("Well again?"));
        Assert.Equal("none", await ModeAsync());
    }

    [Fact]
    public async Task Cut_Stream_EndsProperlyAfterTheTokensWithoutDone()
    {
        var whole = (await Server.Client.PostAsync(Conversation.Ask("Hello?"))).Content();
        await Server.SetFaultAsync(new { mode = "cut", afterTokens = 5 });

        var events = await Server.Client.StreamAsync(Conversation.Ask("Hello?"));

        Assert.Equal(6, events.Count); // The role and five tokens.
        Assert.StartsWith(string.Concat(events.ContentDeltas()), whole, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_Stream_GivesTheTokensAndThenBreaksTheConnection()
    {
        await Server.SetFaultAsync(new { mode = "reset", afterTokens = 5 });

        var (events, failure) = await ReadUntilBrokenAsync();

        Assert.True(events.Count <= 6, "No more than the role and five tokens.");
        var cause = Assert.IsType<SocketException>(failure.GetBaseException());
        Assert.Equal(SocketError.ConnectionReset, cause.SocketErrorCode);
    }

    [Fact]
    public async Task Reset_WholeAnswer_GivesNoResponse()
    {
        await Server.SetFaultAsync(new { mode = "reset" });

        await Assert.ThrowsAsync<HttpRequestException>(() => Server.Client.PostAsync(Conversation.Ask("Hello?")));
    }

    [Fact]
    public async Task Stall_Stream_GivesTheTokensAndThenNothing()
    {
        await Server.SetFaultAsync(new { mode = "stall", afterTokens = 3 });

        using var request = StreamRequest();
        using var response = await Server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var line = 0; line < 8; line++)
        {
            Assert.NotNull(await reader.ReadLineAsync()); // The role and three tokens, each with an empty line.
        }

        var more = reader.ReadLineAsync();
        const string running = """vllm:num_requests_running{engine="0",model_name="sample-chat",site=""} 1""";
        // No other one: that of a test before may not have noticed yet that its client is gone.
        await Eventually.HoldsAsync(async () =>
            (await Server.Client.GetStringAsync("/metrics")).Contains(running, StringComparison.Ordinal));
        Assert.False(more.IsCompleted);
    }

    [Fact]
    public async Task Garbage_Stream_HoldsAnEventThatIsNoJson()
    {
        await Server.SetFaultAsync(new { mode = "garbage", afterTokens = 2 });

        var events = await Server.Client.StreamAsync(Conversation.Ask("Hello?"));

        Assert.Equal(4, events.Count);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => JsonNode.Parse(events[^1]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hang_Request_NeverAnswersWhileHealthDoesAsTold(bool healthStaysUp)
    {
        await Server.SetFaultAsync(new { mode = "hang", healthStaysUp });
        using var stop = new CancellationTokenSource();

        var hanging = Server.Client.PostAsJsonAsync(Conversation.Chat, Conversation.Ask("Hello?"), stop.Token);
        var health = Server.Client.GetAsync("/health", stop.Token);
        if (healthStaysUp)
        {
            Assert.Equal(HttpStatusCode.OK, (await health).StatusCode);
        }

        // Another question that is answered meanwhile: the hanging ones had their chance.
        Assert.Equal("hang", await ModeAsync());
        Assert.False(hanging.IsCompleted);
        Assert.Equal(healthStaysUp, health.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Fact]
    public async Task Unavailable_HealthNotSpared_AnswersProbesWith503()
    {
        await Server.SetFaultAsync(new { mode = "503", healthStaysUp = false });

        using var health = await Server.Client.GetAsync("/health");
        using var models = await Server.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, models.StatusCode);
    }

    [Fact]
    public async Task Slow_Request_TakesTheFactorLonger()
    {
        await Server.SetFaultAsync(new { mode = "slow", factor = 2.0 });
        var began = TimeProvider.System.GetTimestamp();

        await Server.Client.PostAsync(Conversation.Ask("Hello?"));

        // 20 ms before each token: timers may be late, never early (by more than their resolution).
        var least = TimeSpan.FromMilliseconds(FaultyServer.Tokens * 20 * 0.9);
        Assert.True(TimeProvider.System.GetElapsedTime(began) > least);
    }

    [Theory]
    [InlineData("""{"mode": "explode"}""", "mode")]
    [InlineData("""{"mode": "cut", "afterTokens": -1}""", "afterTokens")]
    [InlineData("""{"mode": "cut", "afterTokens": "two"}""", "afterTokens")]
    [InlineData("""{"mode": "slow", "factor": 0}""", "factor")]
    [InlineData("""{"mode": "503", "count": 0}""", "count")]
    public async Task Post_WrongPlan_Is400NamingTheField(string plan, string field)
    {
        var (status, error) = await Server.Client.PostBadAsync(plan, "/faults");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, error.GetProperty("param").GetString());
        Assert.Equal("none", await ModeAsync());
    }

    private static string Body() => Conversation.Ask("Hello?").ToJsonString();

    private static HttpRequestMessage StreamRequest() => new(HttpMethod.Post, Conversation.Chat)
    {
        Content = new StringContent(
            Conversation.Ask("Hello?", ("stream", true)).ToJsonString(), Encoding.UTF8, "application/json"),
    };

    private async Task<(List<string> Events, Exception Failure)> ReadUntilBrokenAsync()
    {
        var events = new List<string>();
        try
        {
            using var request = StreamRequest();
            using var response = await Server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line)
            {
                events.AddRange(line.Length > 0 ? [line] : []);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (events, exception);
        }

        throw new InvalidOperationException($"The stream ended properly after {events.Count} events.");
    }

    private async Task<string> ModeAsync() =>
        (await Server.Client.GetFromJsonAsync<JsonObject>("/faults"))?["mode"]?.GetValue<string>() ?? "";
}
