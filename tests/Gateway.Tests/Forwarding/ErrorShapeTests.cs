using System.Text.Json;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Forwarding;

/// <summary>Errors have the form that the operation's clients know, before a stream's first event and after.</summary>
public sealed class ErrorShapeTests
{
    [Theory]
    [InlineData("nobody", 404, "not_found_error")]
    [InlineData("chat", 503, "overloaded_error")]
    public async Task Messages_Refused_AreToldInAnthropicsWords(string model, int status, string type)
    {
        await using var backend = StubBackend.Json("{}", 503);
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await gateway.PostAsync("/v1/messages", $$"""{"model":"{{model}}"}""");

        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("error", json.RootElement.GetProperty("type").GetString());
        Assert.Equal(type, json.RootElement.GetProperty("error").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("/v1/messages", "error", "api_error")]
    [InlineData("/v1/responses", "error", "stream_interrupted")]
    [InlineData("/v1/chat/completions", null, "stream_interrupted")]
    public async Task Stream_ThatBreaks_EndsInItsOwnKindOfError(string path, string? name, string word)
    {
        await using var backend = new StubBackend(async connection =>
        {
            await connection.BeginStreamAsync();
            await connection.EventAsync("""{"id":"s","choices":[{"index":0,"delta":{"content":"x"}}]}""");
            connection.Reset();
        });
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await gateway.PostAsync(
            path, """{"model":"chat","stream":true}""", ("x-continuity-continuation", "off"));
        var last = (await response.Content.ReadAsStringAsync()).TrimEnd().Split("\n\n")[^1];

        var start = last[..last.IndexOf('{', StringComparison.Ordinal)];
        Assert.Equal(name is null ? "data: " : $"event: {name}\ndata: ", start);
        Assert.Contains($"\"{word}\"", last, StringComparison.Ordinal);
    }
}
