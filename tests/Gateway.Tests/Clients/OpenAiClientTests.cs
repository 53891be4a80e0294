using System.ClientModel;
using System.Text;
using Continuity.Gateway.Tests.Backends;
using OpenAI;
using OpenAI.Chat;

namespace Continuity.Gateway.Tests.Clients;

/// <summary>The official client is served as by any OpenAI server, while servers die.</summary>
public sealed class OpenAiClientTests
{
    [Fact]
    public async Task OfficialClient_StreamsOnWhenTheServerIsKilled()
    {
        await using var one = await ModelProcess.StartAsync();
        await using var two = await ModelProcess.StartAsync();
        await using var gateway = await TestGateway.StartAsync(ModelFleet.Snapshot(one.Address, two.Address));
        var client = new ChatClient(
            "chat",
            new ApiKeyCredential(TestGateway.Key),
            new OpenAIClientOptions { Endpoint = new Uri(gateway.Address, "/v1") });
        ChatCompletion whole = await client.CompleteChatAsync("hello");

        var text = new StringBuilder();
        var finish = new List<ChatFinishReason>();
        var updates = 0;
        await foreach (var update in client.CompleteChatStreamingAsync("hello"))
        {
            text.AppendJoin("", update.ContentUpdate.Select(part => part.Text));
            if (update.FinishReason is { } reason)
            {
                finish.Add(reason);
            }

            if (++updates == 30)
            {
                // Whichever of the two writes this stream: it has more in flight than the other.
                var server = await FindWriterAsync(gateway, one, two);
                await server.Process.KillAsync();
            }
        }

        Assert.Equal(whole.Content[0].Text, text.ToString());
        Assert.Equal([whole.FinishReason], finish);
    }

    private static Task<ModelProcess> FindWriterAsync(TestGateway gateway, ModelProcess one, ModelProcess two)
    {
        var replicas = gateway.Routing.Current!.Services[0].Replicas; // It serves: there is a table.
        return Task.FromResult(replicas[0].InFlight > 0 ? one : two);
    }
}
