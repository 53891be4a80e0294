using System.Text.Json;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Capabilities;
using Continuity.Gateway.Tests.Backends;
using Continuity.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Continuity.Gateway.Tests.Capabilities;

/// <summary>A replica of an unnamed kind is asked how its broken streams can be taken up.</summary>
public sealed class ContinuationProbeTests
{
    private const string VllmModels = """{"object":"list","data":[{"id":"chat","owned_by":"vllm"}]}""";
    private const string Contradiction =
        """{"error":{"message":"Cannot set both `continue_final_message` and `add_generation_prompt` to True."}}""";

    private const string Chat = """{"id":"1","choices":[{"message":{"content":"ng"}}]}""";
    private const string Completion = """{"id":"1","choices":[{"text":"pong"}]}""";
    private const string TgiInfo = """{"model_id":"m","max_total_tokens":4096,"validation_workers":2}""";

    public static TheoryData<string, string[], ContinuationSupport?> Servers => new()
    {
        { "vLLM", ["200" + VllmModels, "400" + Contradiction, "404", "200" + Completion],
            ContinuationSupport.FinalMessage },
        { "SGLang", ["200" + VllmModels.Replace("vllm", "sglang", StringComparison.Ordinal), "503", "503", "503"],
            ContinuationSupport.FinalMessage },
        { "Text Generation Inference", ["200{}", "200" + Chat, "200" + TgiInfo, "404"],
            ContinuationSupport.FinalMessage },
        { "an old vLLM", ["200" + VllmModels, "200" + Chat, "404", "200" + Completion],
            ContinuationSupport.Completions },
        { "chats alone", ["200{}", "200" + Chat, "404", "404"], ContinuationSupport.None },
        { "completions that are none", ["200{}", "200" + Chat, "404", "200" + Chat], ContinuationSupport.None },
        { "nothing but nonsense", ["200[", "200null", "200[]", "200\"x\""], ContinuationSupport.None },
        { "still loading", ["503", "503", "503", "503"], null },
        { "busy", ["200{}", "429", "404", "429"], null },
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Server_IsRecognisedByItsAnswers(string name, string[] answers, ContinuationSupport? expected)
    {
        await using var backend = new StubBackend(connection => AnswerAsync(connection, answers));
        await using var gateway = await TestGateway.StartAsync(backend); // Its kind is named: nobody asks unbidden.
        var pool = gateway.Routing.Current!.Services[0]; // It serves: there is a table.
        var probe = gateway.Services.GetRequiredService<ContinuationProbe>();

        var found = await probe.AskAsync(pool, pool.Replicas[0], TestContext.Current.CancellationToken);

        Assert.True(expected == found, $"{name}: {found}");
    }

    [Fact]
    public async Task Server_OfAnUnnamedKind_IsAskedByItself_AndItsStreamsGoOn()
    {
        await using var one = await ModelProcess.StartAsync();
        await using var two = await ModelProcess.StartAsync();
        var snapshot = ModelFleet.Snapshot(one.Address, two.Address);
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Services =
            [
                snapshot.Services[0] with
                {
                    Replicas = [.. snapshot.Services[0].Replicas.Select(
                        replica => replica with { Engine = EngineKind.OpenAi })],
                },
            ],
        });
        var replicas = gateway.Routing.Current!.Services[0].Replicas; // It serves: there is a table.
        await Eventually.HoldsAsync(
            () => replicas.All(replica => replica.Continuation == ContinuationSupport.FinalMessage));
        var whole = await ChatStream.ReadAsync(gateway, "hello");
        await one.BreakAsync(new { mode = "reset", afterTokens = 20, count = 1 });
        await two.BreakAsync(new { mode = "reset", afterTokens = 40, count = 1 });

        var mended = await ChatStream.ReadAsync(gateway, "hello");

        Assert.True(mended.IsWhole, JsonSerializer.Serialize(mended));
        Assert.Equal(whole.Text, mended.Text);
    }

    private static Task AnswerAsync(StubConnection connection, string[] answers)
    {
        var answer = answers[connection.Request.Path switch
        {
            "/v1/models" => 0,
            "/v1/chat/completions" => 1,
            "/info" => 2,
            _ => 3,
        }];
        return connection.AnswerAsync(int.Parse(answer[..3]), answer[3..]);
    }
}
