using System.Text.Json;
using System.Text.Json.Nodes;
using Continuity.Gateway.Tests.Backends;
using Continuity.Testing;

namespace Continuity.Gateway.Tests.AccessLogs;

public sealed class AccessLogTests
{
    private const string Secret = "tell-nobody-of-this";
    private const string Answer =
        """
        {"usage":{"prompt_tokens":3,"completion_tokens":4},"choices":[{"message":{"content":"tell-nobody-of-this"}}]}
        """;

    [Fact]
    public async Task Log_TellsWhoWhatAndHowLong_AndNoWordOfPromptOrAnswer()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("access.log");
        await using (var backend = StubBackend.Json(Answer))
        await using (var gateway = await TestGateway.StartAsync(
            TestGateway.Snapshot(backend), $"--Gateway:AccessLog={path}"))
        {
            using var good = await gateway.PostAsync(
                "/v1/chat/completions",
                $$"""{"model":"chat","user":"{{Secret}}","messages":[{"role":"user","content":"{{Secret}}"}]}""",
                ("x-request-id", "first"));
            backend.Script = connection => connection.AnswerAsync(503, $"{{\"error\":\"{Secret}\"}}");
            using var bad = await gateway.PostAsync(
                $"/v1/completions?q={Secret}", $$"""{"model":"chat","prompt":"{{Secret}}"}""");
        }

        // A line is written after the answer, which the next request doesn't wait for.
        var lines = (await File.ReadAllLinesAsync(path))
            .OrderByDescending(line => line.Contains("\"first\"", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, lines.Length);
        using var first = JsonDocument.Parse(lines[0]);
        using var second = JsonDocument.Parse(lines[1]);
        Assert.DoesNotContain(lines, line => line.Contains(Secret, StringComparison.Ordinal));
        Assert.Equal("first", first.RootElement.GetProperty("request").GetString());
        Assert.Equal("test", first.RootElement.GetProperty("key").GetString());
        Assert.Equal("r0", first.RootElement.GetProperty("replica").GetString());
        Assert.Equal(200, first.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(7, first.RootElement.GetProperty("tokens").GetInt64());
        Assert.Equal(503, second.RootElement.GetProperty("status").GetInt32());
        Assert.Equal("completions", second.RootElement.GetProperty("operation").GetString());
    }

    [Fact]
    public async Task Log_OfWhatWasRefused_TellsStatusAndCode()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("access.log");
        await using (var backend = StubBackend.Json(Answer))
        await using (var gateway = await TestGateway.StartAsync(
            TestGateway.Snapshot(backend), $"--Gateway:AccessLog={path}"))
        {
            using var unknown = await gateway.PostAsync("/v1/chat/completions", """{"model":"no","messages":[]}""");
            using var badKey = await gateway.ChatAsync(("Idempotency-Key", new string('k', 300)));
            using var stranger = await gateway.PostAsync(
                "/v1/completions", """{"model":"chat"}""", ("Authorization", "Bearer nobody"));
        }

        // A line is written after the answer, which the next request doesn't wait for.
        var lines = (await File.ReadAllLinesAsync(path)).Select(line => JsonNode.Parse(line)!.AsObject())
            .OrderBy(line => line["error"]!.ToString(), StringComparer.Ordinal).ToArray();
        Assert.Equal(
            ["401 invalid_api_key", "400 invalid_idempotency_key", "404 model_not_found"],
            lines.Select(line => $"{line["status"]} {line["error"]}"));
        Assert.Equal([null, "test", "test"], lines.Select(line => line["key"]?.ToString()));
    }
}
