using System.Text.Json;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Streaming;

/// <summary>Streams over real model servers that break them: the client must not be able to tell.</summary>
public sealed class ContinuationTests(ModelFleet fleet) : IClassFixture<ModelFleet>
{
    private const string Prompt = "Tell me about continuity, with accents: é, 漢字, 👩‍🚀.";

    public static TheoryData<string, int> Cuts
    {
        get
        {
            var cuts = new TheoryData<string, int>();
            cuts.Add("stall", 7);
            foreach (var mode in (string[])["cut", "reset", "garbage"])
            {
                foreach (var after in (int[])[0, 1, 7, 127])
                {
                    cuts.Add(mode, after);
                }
            }

            return cuts;
        }
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task BrokenStream_EqualsTheUnbrokenOne(string mode, int afterTokens)
    {
        await using var gateway = await TestGateway.StartAsync(fleet.Snapshot());
        var whole = await ChatStream.ReadAsync(gateway, Prompt);
        // What breaks at the first token or before is retried (a reset can take that one along): one must be left.
        var isRetried = afterTokens < 2;
        await BreakOnceAsync(new { mode, afterTokens, count = 1 }, isRetried ? 2 : 3);

        var mended = await ChatStream.ReadAsync(gateway, Prompt);

        Assert.True(mended.IsWhole, JsonSerializer.Serialize(mended));
        Assert.True(isRetried || mended.Continuations > 0, JsonSerializer.Serialize(mended));
        Assert.Equal(whole.Text, mended.Text);
        Assert.Equal(whole.FinishReasons, mended.FinishReasons);
        Assert.Equal((whole.PromptTokens, whole.CompletionTokens), (mended.PromptTokens, mended.CompletionTokens));
        await MendAllAsync();
    }

    [Fact]
    public async Task BrokenStream_OverEveryReplica_IsMendedThreeTimes()
    {
        await using var gateway = await TestGateway.StartAsync(fleet.Snapshot());
        var whole = await ChatStream.ReadAsync(gateway, Prompt);
        // A cut lets all arrive that was sent. A reset can take the whole of a stream along: that is retried.
        await BreakOnceAsync(new { mode = "cut", afterTokens = 20, count = 1 });

        var mended = await ChatStream.ReadAsync(gateway, Prompt);

        Assert.True(mended.IsWhole, JsonSerializer.Serialize(mended));
        Assert.Equal(whole.Text, mended.Text);
        Assert.Equal(3, mended.Continuations);
        await MendAllAsync();
    }

    [Fact]
    public async Task BrokenStream_WithATokenLimit_KeepsIt()
    {
        await using var gateway = await TestGateway.StartAsync(fleet.Snapshot());
        var whole = await ChatStream.ReadAsync(gateway, Prompt, ",\"max_tokens\":50");
        await BreakOnceAsync(new { mode = "reset", afterTokens = 30, count = 1 });

        var mended = await ChatStream.ReadAsync(gateway, Prompt, ",\"max_tokens\":50");

        Assert.Equal(whole.Text, mended.Text);
        Assert.Equal(["length"], mended.FinishReasons);
        Assert.Equal(50, mended.CompletionTokens);
        Assert.Equal(whole.PromptTokens, mended.PromptTokens);
        Assert.InRange(mended.Continuations, 1, 3);
        await MendAllAsync();
    }

    [Fact]
    public async Task BrokenStream_WithAStopString_StopsThere()
    {
        await using var gateway = await TestGateway.StartAsync(fleet.Snapshot());
        var text = (await ChatStream.ReadAsync(gateway, Prompt)).Text;
        var stop = text.Substring(text.Length * 3 / 4, 6);
        var more = $",\"stop\":[{JsonSerializer.Serialize(stop)}]";
        var whole = await ChatStream.ReadAsync(gateway, Prompt, more);
        await BreakOnceAsync(new { mode = "reset", afterTokens = 30, count = 1 });

        var mended = await ChatStream.ReadAsync(gateway, Prompt, more);

        Assert.Equal(whole.Text, mended.Text);
        Assert.Equal(["stop"], mended.FinishReasons);
        Assert.InRange(mended.Continuations, 1, 3);
        await MendAllAsync();
    }

    [Theory]
    [InlineData(",\"n\":2")]
    [InlineData(
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]"
        + ",\"tool_choice\":\"required\"")]
    public async Task BrokenStream_ThatNobodyCanContinue_EndsInAClearError(string more)
    {
        await using var gateway = await TestGateway.StartAsync(fleet.Snapshot());
        await BreakOnceAsync(new { mode = "cut", afterTokens = 2, count = 1 });

        var broken = await ChatStream.ReadAsync(gateway, Prompt, more);

        Assert.Equal("stream_interrupted", broken.ErrorCode);
        Assert.Equal(0, broken.Ends);
        await MendAllAsync();
    }

    [Fact]
    public async Task BrokenStream_OfAServiceThatForbidsIt_EndsInAClearError()
    {
        var snapshot = fleet.Snapshot();
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Services = [snapshot.Services[0] with { Streams = new StreamSettings { Continue = false } }],
        });
        await BreakOnceAsync(new { mode = "cut", afterTokens = 5, count = 1 });

        var broken = await ChatStream.ReadAsync(gateway, Prompt);

        Assert.Equal("stream_interrupted", broken.ErrorCode);
        await MendAllAsync();
    }

    [Fact]
    public async Task BrokenStream_OfAnEngineThatCannotContinueChats_EndsInAClearError()
    {
        var snapshot = fleet.Snapshot();
        var service = snapshot.Services[0];
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Services =
            [
                service with { Replicas = [.. service.Replicas.Select(replica =>
                    replica with { Engine = EngineKind.Ollama })] },
            ],
        });
        await BreakOnceAsync(new { mode = "cut", afterTokens = 5, count = 1 });

        var broken = await ChatStream.ReadAsync(gateway, Prompt);

        Assert.Equal("stream_interrupted", broken.ErrorCode);
        await MendAllAsync();
    }

    private Task BreakOnceAsync(object fault, int models = 3) =>
        Task.WhenAll(fleet.Models.Take(models).Select(model => model.BreakAsync(fault)));

    private Task MendAllAsync() => Task.WhenAll(fleet.Models.Select(model => model.BreakAsync(new { mode = "none" })));
}
