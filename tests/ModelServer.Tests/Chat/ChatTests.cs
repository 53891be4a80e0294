using System.Text.Json;
using System.Text.Json.Nodes;
using Continuity.Testing.Models;

namespace Continuity.ModelServer.Tests.Chat;

public sealed class ChatTests(ModelServerFixture fixture)
{
    private const string Question = "What is a fencing token?";

    [Fact]
    public async Task Post_SamePromptAndSeed_GivesTheSameTextOnEveryReplica()
    {
        await using var other = await ModelServerProcess.StartAsync("other", ModelServerFixture.TokensSetting);
        var request = Conversation.Ask(Question, ("seed", 7));

        var here = await fixture.Client.PostAsync(request);
        var there = await other.Client.PostAsync(request);
        var otherSeed = await other.Client.PostAsync(Conversation.Ask(Question, ("seed", 8)));
        var otherPrompt = await other.Client.PostAsync(Conversation.Ask("What is a lease?", ("seed", 7)));

        Assert.NotEmpty(here.Content());
        Assert.Equal(here.Content(), there.Content());
        Assert.NotEqual(here.Content(), otherSeed.Content());
        Assert.NotEqual(here.Content(), otherPrompt.Content());
    }

    [Fact]
    public async Task Stream_Answer_IsRoleThenTokensThenReasonThenUsageThenDone()
    {
        var events = await fixture.Client.StreamAsync(Conversation.Ask(
            Question, ("stream_options", new JsonObject { ["include_usage"] = true })));

        var whole = await fixture.Client.PostAsync(Conversation.Ask(Question));
        Assert.Equal("[DONE]", events[^1]);
        var usage = JsonElement.Parse(events[^2]);
        Assert.Empty(usage.GetProperty("choices").EnumerateArray());
        Assert.Equal(whole.GetProperty("usage").GetRawText(), usage.GetProperty("usage").GetRawText());
        var first = JsonElement.Parse(events[0]).GetProperty("choices")[0];
        Assert.Equal("assistant", first.GetProperty("delta").GetProperty("role").GetString());
        Assert.Equal(JsonValueKind.Null, first.GetProperty("finish_reason").ValueKind);
        var last = JsonElement.Parse(events[^3]).GetProperty("choices")[0];
        Assert.Equal("stop", last.GetProperty("finish_reason").GetString());
        Assert.Equal(whole.Content(), string.Concat(events.ContentDeltas()));
        Assert.Single(events[..^1].Select(data => JsonElement.Parse(data).GetProperty("id").GetString()).Distinct());
    }

    [Fact]
    public async Task Stream_WithoutStreamOptions_HasNoUsage()
    {
        var events = await fixture.Client.StreamAsync(Conversation.Ask(Question, ("max_tokens", 3)));

        Assert.DoesNotContain(events, data => data.Contains("usage", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task Post_MaxTokens_EndsWithLengthAndCountsThem(string field)
    {
        var answer = await fixture.Client.PostAsync(Conversation.Ask(Question, (field, 5)));

        var usage = answer.GetProperty("usage");
        Assert.Equal("length", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(5, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(
            usage.GetProperty("prompt_tokens").GetInt32() + 5, usage.GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Post_IgnoreEos_GoesOnToMaxTokens()
    {
        var answer = await fixture.Client.PostAsync(
            Conversation.Ask(Question, ("ignore_eos", true), ("max_tokens", ModelServerFixture.Tokens * 2)));

        Assert.Equal(
            ModelServerFixture.Tokens * 2, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Post_Stop_EndsBeforeTheStringWhereverTokensEnd()
    {
        var whole = (await fixture.Client.PostAsync(Conversation.Ask(Question))).Content();

        // From the middle of the text, and longer than a token: it must be met across boundaries.
        var stop = whole.Substring(whole.Length / 2, 12);
        var expected = whole[..whole.IndexOf(stop, StringComparison.Ordinal)];
        var asString = await fixture.Client.PostAsync(Conversation.Ask(Question, ("stop", stop)));
        var asList = await fixture.Client.PostAsync(
            Conversation.Ask(Question, ("stop", new JsonArray("never there", stop))));
        var streamed = await fixture.Client.StreamAsync(Conversation.Ask(Question, ("stop", stop)));

        Assert.Equal(expected, asString.Content());
        Assert.Equal(expected, asList.Content());
        Assert.Equal(expected, string.Concat(streamed.ContentDeltas()));
        Assert.Equal("stop", asString.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(stop, asString.GetProperty("choices")[0].GetProperty("stop_reason").GetString());
    }

    [Fact]
    public async Task Post_SeveralChoices_DifferAndTheFirstIsTheOnlyOnesAnswer()
    {
        var single = await fixture.Client.PostAsync(Conversation.Ask(Question));
        var several = await fixture.Client.PostAsync(Conversation.Ask(Question, ("n", 3)));
        var streamed = await fixture.Client.StreamAsync(Conversation.Ask(Question, ("n", 3)));

        var texts = several.GetProperty("choices").EnumerateArray()
            .Select(choice => choice.GetProperty("message").GetProperty("content").GetString() ?? "").ToList();
        Assert.Equal(single.Content(), texts[0]);
        Assert.Distinct(texts);
        var byChoice = streamed.Where(data => data != "[DONE]")
            .Select(data => JsonElement.Parse(data).GetProperty("choices")[0])
            .ToLookup(
                choice => choice.GetProperty("index").GetInt32(),
                choice => choice.GetProperty("delta").GetProperty("content").GetString());
        Assert.Equal(texts, byChoice.OrderBy(choice => choice.Key).Select(choice => string.Concat(choice)));
        Assert.Equal(
            3 * ModelServerFixture.Tokens, several.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Post_RequiredTool_CallsItWithArgumentsOfItsSchema()
    {
        var request = Conversation.Ask("Weather?", ("tool_choice", "required"), ("tools", JsonNode.Parse("""
            [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object",
              "properties": {"city": {"type": "string"}, "days": {"type": "integer"}, "metric": {"type": "boolean"}}}}}]
            """)));

        var whole = (await fixture.Client.PostAsync(request)).GetProperty("choices")[0];
        var pieces = (await fixture.Client.StreamAsync(request)).Where(data => data != "[DONE]")
            .Select(data => JsonElement.Parse(data).GetProperty("choices")[0]).ToList();

        var call = whole.GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        var arguments = JsonElement.Parse(call.GetProperty("arguments").GetString() ?? "");
        Assert.Equal("weather", call.GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.String, arguments.GetProperty("city").ValueKind);
        Assert.Equal(JsonValueKind.Number, arguments.GetProperty("days").ValueKind);
        Assert.Equal("tool_calls", whole.GetProperty("finish_reason").GetString());
        var calls = pieces.Where(piece => piece.GetProperty("delta").TryGetProperty("tool_calls", out _))
            .Select(piece => piece.GetProperty("delta").GetProperty("tool_calls")[0].GetProperty("function")).ToList();
        Assert.True(calls.Count > 3, "The arguments come in several pieces.");
        Assert.Equal("weather", calls[0].GetProperty("name").GetString());
        Assert.Equal(
            call.GetProperty("arguments").GetString(),
            string.Concat(calls.Select(piece => piece.GetProperty("arguments").GetString())));
        Assert.Equal("tool_calls", pieces[^1].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Stream_ReasoningServer_ThinksFirstAndAnswersTheSame()
    {
        await using var server = await ModelServerProcess.StartAsync(
            "thinker", ModelServerFixture.TokensSetting, ("Reasoning", "6"));

        var whole = await server.Client.PostAsync(Conversation.Ask(Question));
        var streamed = await server.Client.StreamAsync(Conversation.Ask(Question));
        var plain = await fixture.Client.PostAsync(Conversation.Ask(Question));

        Assert.Equal(plain.Content(), whole.Content());
        Assert.Equal(plain.Content(), string.Concat(streamed.ContentDeltas()));
        var message = whole.GetProperty("choices")[0].GetProperty("message");
        Assert.NotEmpty(message.GetProperty("reasoning_content").GetString() ?? "");
        Assert.Equal(6, streamed.Count(data => data.Contains("reasoning_content", StringComparison.Ordinal)));
        var usage = whole.GetProperty("usage");
        Assert.Equal(ModelServerFixture.Tokens + 6, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(
            6, usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32());
    }
}
