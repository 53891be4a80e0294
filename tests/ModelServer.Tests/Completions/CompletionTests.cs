using System.Text.Json;
using System.Text.Json.Nodes;

namespace Continuity.ModelServer.Tests.Completions;

public sealed class CompletionTests(ModelServerFixture fixture)
{
    private const string Path = "/v1/completions";

    [Fact]
    public async Task Post_PromptWithTheTextSoFar_GoesOnExactlyThere()
    {
        const int length = 30;
        var tokens = (await fixture.Client.StreamAsync(Request("Once upon a time", ("max_tokens", length)), Path))
            .Where(data => data != "[DONE]")
            .Select(data => JsonElement.Parse(data).GetProperty("choices")[0].GetProperty("text").GetString()).ToList();
        Assert.Equal(length, tokens.Count);

        for (var cut = 1; cut < length; cut++)
        {
            var rest = await fixture.Client.PostAsync(
                Request("Once upon a time" + string.Concat(tokens.Take(cut)), ("max_tokens", length - cut)), Path);

            Assert.Equal(string.Concat(tokens.Skip(cut)), Text(rest, 0));
        }
    }

    [Fact]
    public async Task Post_SeveralPromptsEchoed_GivesAChoiceForEach()
    {
        var answer = await fixture.Client.PostAsync(
            Request(new JsonArray("First", "Second"), ("echo", true), ("max_tokens", 4)), Path);

        Assert.StartsWith("First", Text(answer, 0), StringComparison.Ordinal);
        Assert.StartsWith("Second", Text(answer, 1), StringComparison.Ordinal);
        Assert.Equal("length", answer.GetProperty("choices")[1].GetProperty("finish_reason").GetString());
        Assert.Equal(8, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(2, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Theory]
    [InlineData("""{"model": "sample-chat"}""", "prompt")]
    [InlineData("""{"model": "sample-chat", "prompt": [1, 2]}""", "prompt")]
    [InlineData("""{"model": "sample-chat", "prompt": "a", "suffix": "b"}""", "suffix")]
    [InlineData("""{"model": "sample-chat", "prompt": "a", "max_tokens": -1}""", "max_tokens")]
    public async Task Post_WrongBody_Is400NamingTheParameter(string body, string parameter)
    {
        var (status, error) = await fixture.Client.PostBadAsync(body, Path);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, status);
        Assert.Equal(parameter, error.GetProperty("param").GetString());
    }

    private static string? Text(JsonElement answer, int choice) =>
        answer.GetProperty("choices")[choice].GetProperty("text").GetString();

    private static JsonObject Request(JsonNode prompt, params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var body = new JsonObject { ["model"] = "sample-chat", ["prompt"] = prompt };
        foreach (var (name, value) in fields)
        {
            body[name] = value;
        }

        return body;
    }
}
