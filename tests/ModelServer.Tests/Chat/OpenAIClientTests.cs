using System.ClientModel;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace Continuity.ModelServer.Tests.Chat;

/// <summary>The official client is the judge of the surface.</summary>
public sealed class OpenAIClientTests(ModelServerFixture fixture)
{
    private OpenAIClient Client => new(
        new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(fixture.Server.Address, "/v1") });

    [Fact]
    public async Task CompleteChat_WholeAndStreamed_GiveTheSameText()
    {
        var chat = Client.GetChatClient("sample-chat");

        ChatCompletion whole = await chat.CompleteChatAsync("Which replica answers?");
        var text = new StringBuilder();
        var (reason, tokens) = (default(ChatFinishReason?), 0);
        await foreach (var update in chat.CompleteChatStreamingAsync("Which replica answers?"))
        {
            text.Append(string.Concat(update.ContentUpdate.Select(part => part.Text)));
            reason = update.FinishReason ?? reason;
            tokens = update.Usage?.OutputTokenCount ?? tokens;
        }

        Assert.Equal(ModelServerFixture.Tokens, whole.Usage.OutputTokenCount);
        Assert.Equal(whole.Content[0].Text, text.ToString());
        Assert.Equal(ChatFinishReason.Stop, reason);
        Assert.Equal(ModelServerFixture.Tokens, tokens);
    }

    [Fact]
    public async Task CompleteChat_WithRequiredTool_GivesACallWithArguments()
    {
        var options = new ChatCompletionOptions
        {
            ToolChoice = ChatToolChoice.CreateRequiredChoice(),
            Tools =
            {
                ChatTool.CreateFunctionTool("lookup", "Looks up.", BinaryData.FromString(
                    """{"type": "object", "properties": {"name": {"type": "string"}}}""")),
            },
        };

        ChatCompletion answer = await Client.GetChatClient("sample-chat").CompleteChatAsync(
            [new UserChatMessage("Look it up.")], options);

        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
        Assert.Equal("lookup", Assert.Single(answer.ToolCalls).FunctionName);
        Assert.Contains("\"name\"", answer.ToolCalls[0].FunctionArguments.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteChat_UnknownModel_ThrowsWith404()
    {
        var failure = await Assert.ThrowsAsync<ClientResultException>(
            () => Client.GetChatClient("no-such-model").CompleteChatAsync("Hello?"));

        Assert.Equal(404, failure.Status);
        Assert.Contains("no-such-model", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenerateEmbeddings_Texts_GivesUnitVectorsThatDependOnTheText()
    {
        var embeddings = Client.GetEmbeddingClient("sample-chat");

        OpenAIEmbeddingCollection vectors = await embeddings.GenerateEmbeddingsAsync(
            ["one", "another", "one"], new EmbeddingGenerationOptions { Dimensions = 32 });

        var (one, another, again) = (vectors[0].ToFloats(), vectors[1].ToFloats(), vectors[2].ToFloats());
        Assert.Equal(32, one.Length);
        Assert.Equal(one.ToArray(), again.ToArray());
        Assert.NotEqual(one.ToArray(), another.ToArray());
        Assert.Equal(1.0, one.ToArray().Sum(value => value * value), 0.001);
    }

    [Fact]
    public async Task GetModels_ListsTheModel()
    {
        var models = await Client.GetOpenAIModelClient().GetModelsAsync();

        Assert.Equal("sample-chat", Assert.Single(models.Value).Id);
    }
}
