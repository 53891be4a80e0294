using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Continuity.Testing;

namespace Continuity.ModelServer.Tests.Chat;

public sealed class ContinuationTests(ModelServerFixture fixture)
{
    private const int Prompts = 25;

    [Fact]
    public async Task Continue_FromEveryTokenOfManyAnswers_GivesExactlyTheRest()
    {
        var random = Seed.Random();
        var multiByte = 0;
        for (var prompt = 0; prompt < Prompts; prompt++)
        {
            var request = Conversation.Ask($"Question {random.Next()}", ("seed", random.Next(100)));
            var tokens = (await fixture.Client.StreamAsync(request.DeepClone().AsObject())).ContentDeltas();
            var whole = string.Concat(tokens);
            multiByte += Encoding.UTF8.GetByteCount(whole) - whole.Length;
            Assert.Equal(ModelServerFixture.Tokens, tokens.Count(token => token.Length > 0));

            var seen = new StringBuilder();
            foreach (var token in tokens)
            {
                seen.Append(token);
                var rest = await fixture.Client.PostAsync(Conversation.Continue(request, seen.ToString()));
                Assert.Equal(whole, seen + rest.Content());
            }
        }

        Assert.True(multiByte > 0, "No answer had a character of several bytes: the property was not put to the test.");
    }

    [Fact]
    public async Task Continue_InTheMiddleOfAToken_GivesTheRestOfItFirst()
    {
        var request = Conversation.Ask("Where does it break?");
        var whole = (await fixture.Client.PostAsync(request)).Content();

        for (var cut = 0; cut <= whole.Length; cut++)
        {
            // A cut between the halves of a surrogate pair is no text.
            if (cut > 0 && cut < whole.Length && char.IsLowSurrogate(whole[cut]))
            {
                continue;
            }

            var rest = await fixture.Client.PostAsync(Conversation.Continue(request, whole[..cut]));
            Assert.Equal(whole, whole[..cut] + rest.Content());
        }
    }

    [Fact]
    public async Task Continue_WithTheTokensThatAreLeft_EndsWhereTheLimitWas()
    {
        const int limit = 20;
        const int seen = 8;
        var request = Conversation.Ask("How long?", ("max_tokens", limit));
        var tokens = (await fixture.Client.StreamAsync(request.DeepClone().AsObject())).ContentDeltas();
        var begun = string.Concat(tokens.Take(seen + 1)); // The first delta is the role's, with no text.

        var continued = Conversation.Continue(request, begun);
        continued["max_tokens"] = limit - seen;
        var rest = await fixture.Client.PostAsync(continued);

        Assert.Equal(string.Concat(tokens), begun + rest.Content());
        Assert.Equal("length", rest.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Continue_AWholeAnswer_EndsAtOnceWithNoText()
    {
        var request = Conversation.Ask("Done already?");
        var whole = await fixture.Client.PostAsync(request);

        var rest = await fixture.Client.PostAsync(Conversation.Continue(request, whole.Content()));

        Assert.Equal("", rest.Content());
        Assert.Equal("stop", rest.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(
            whole.GetProperty("usage").GetProperty("total_tokens").GetInt32(),
            rest.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task Continue_StreamWithStop_MeetsAStopThatTheCutLiesIn()
    {
        var request = Conversation.Ask("Which word ends it?");
        var whole = (await fixture.Client.PostAsync(request)).Content();
        var stop = whole.Substring(whole.Length / 2, 10);
        var expected = whole[..whole.IndexOf(stop, StringComparison.Ordinal)];
        request["stop"] = stop;

        var seen = new StringBuilder();
        foreach (var delta in (await fixture.Client.StreamAsync(request.DeepClone().AsObject())).ContentDeltas())
        {
            seen.Append(delta);
            var rest = await fixture.Client.PostAsync(Conversation.Continue(request, seen.ToString()));
            Assert.Equal(expected, seen + rest.Content());
        }
    }

    [Fact]
    public async Task Continue_ATextThatIsNotTheModelsOwn_AnswersAfterItDeterministically()
    {
        var request = Conversation.Continue(Conversation.Ask("Say yes."), "Never would this model begin so: ");

        var first = await fixture.Client.PostAsync(request);
        var second = await fixture.Client.PostAsync(request);

        Assert.NotEmpty(first.Content());
        Assert.Equal(first.Content(), second.Content());
    }

    [Theory]
    [InlineData("assistant", true)]
    [InlineData("user", false)]
    public async Task Continue_ContradictoryRequest_IsRefused(string lastRole, bool addGenerationPrompt)
    {
        var request = Conversation.Ask(
            "First", ("continue_final_message", true), ("add_generation_prompt", addGenerationPrompt));
        Assert.IsType<JsonArray>(request["messages"]).Add(Conversation.Message(lastRole, "Second"));

        var (status, error) = await fixture.Client.PostBadAsync(request.ToJsonString());

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("continue_final_message", error.GetProperty("param").GetString());
    }
}
