using System.ClientModel;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Tests.Backends;
using Continuity.Gateway.Tests.Node;
using Continuity.Testing;
using Continuity.Testing.Processes;
using OpenAI;
using OpenAI.Chat;

namespace Continuity.Gateway.Tests.Clients;

/// <summary>A backend that nobody here wrote: it echoes, and knows nothing of continuing an answer.</summary>
public sealed class MockLlmTests
{
    private const string Prompt = "The quick brown fox jumps over the lazy dog, and on it goes to the end of the line.";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task MockLlm_StreamedAndNot_IsServedToTheOfficialClient()
    {
        await using var server = await StartAsync();
        await using var gateway = await TestGateway.StartAsync(Snapshot(server.Address));
        var client = new ChatClient(
            "chat",
            new ApiKeyCredential(TestGateway.Key),
            new OpenAIClientOptions { Endpoint = new Uri(gateway.Address, "/v1") });

        ChatCompletion whole = await client.CompleteChatAsync(Prompt);
        var streamed = "";
        await foreach (var update in client.CompleteChatStreamingAsync(Prompt))
        {
            streamed += string.Concat(update.ContentUpdate.Select(part => part.Text));
        }

        Assert.Equal(Prompt, whole.Content[0].Text);
        Assert.Equal(Prompt, streamed);
    }

    [Fact]
    public async Task MockLlm_OneOfTwoKilled_LosesNoRequestThatHadNotBegun()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await using var gateway = await TestGateway.StartAsync(Snapshot(one.Address, two.Address));

        var answers = new List<int>();
        for (var index = 0; index < 40; index++)
        {
            if (index == 10)
            {
                await one.Process.KillAsync();
            }

            using var response = await gateway.ChatAsync();
            answers.Add((int)response.StatusCode);
        }

        Assert.All(answers, status => Assert.Equal(200, status));
    }

    [Fact]
    public async Task MockLlm_KilledWhileItWrites_EndsTheStreamWithAnErrorAndNotWithAWrongText()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await using var gateway = await TestGateway.StartAsync(Snapshot(one.Address, two.Address));
        // Eight seconds of writing: also on a busy machine the kill comes before its end.
        var prompt = string.Concat(Enumerable.Repeat(Prompt, 20));

        var stream = await ChatStream.ReadAsync(gateway, prompt, onEvent: async number =>
        {
            if (number == 5)
            {
                var first = gateway.Routing.Current!.Services[0].Replicas[0];
                await (first.InFlight > 0 ? one : two).Process.KillAsync();
            }
        });

        Assert.True(stream.HasError);
        Assert.StartsWith(stream.Text, prompt, StringComparison.Ordinal);
        Assert.NotEmpty(stream.Text);
    }

    private static RoutingSnapshot Snapshot(params Uri[] addresses)
    {
        var snapshot = ModelFleet.Snapshot(addresses);
        var service = snapshot.Services[0];
        return snapshot with
        {
            Services =
            [
                service with
                {
                    Replicas = [.. service.Replicas.Select(replica => replica with { Engine = EngineKind.OpenAi })],
                },
            ],
        };
    }

    private static async Task<MockLlm> StartAsync()
    {
        var folder = await NodePackages.FolderAsync();
        var port = FreePort.Next();
        var process = await ChildProcess.StartAsync(new ChildProcessStart("node")
        {
            Arguments = ["node_modules/@dwmkerr/mock-llm/dist/main.js", "--config", "mock-llm.yaml"],
            Environment = new Dictionary<string, string> { ["HOST"] = "127.0.0.1", ["PORT"] = $"{port}" },
            WorkingDirectory = folder,
        });
        var server = new MockLlm(process, new Uri($"http://127.0.0.1:{port}"));
        await process.WaitForHttpOkAsync(new Uri(server.Address, "/health"), Deadline);
        return server;
    }

    private sealed record MockLlm(ChildProcess Process, Uri Address) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}
