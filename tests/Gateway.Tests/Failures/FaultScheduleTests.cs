using System.Text.Json;
using Continuity.Gateway.Tests.Backends;
using Continuity.Testing;

namespace Continuity.Gateway.Tests.Failures;

/// <summary>Several faults at once, as a seed decides: answers stay what they are, token for token.</summary>
public sealed class FaultScheduleTests(ModelFleet fleet) : IClassFixture<ModelFleet>
{
    private const int Streams = 8;
    private const int Rounds = 6;
    private static readonly string[] Modes = ["cut", "reset", "garbage", "stall", "503", "429"];

    [Fact]
    public async Task Streams_UnderAScheduleOfFaults_EqualTheUnbrokenOnes()
    {
        var random = Seed.Random();
        var snapshot = fleet.Snapshot();
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Services = [snapshot.Services[0] with { StallTimeout = TimeSpan.FromSeconds(1) }],
        });
        var prompts = Enumerable.Range(0, Streams).Select(i => $"Prompt {i} of {random.Next()}").ToArray();
        var whole = await ReadAllAsync(gateway, prompts);

        var continued = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var schedule = Draw(random);
            await Task.WhenAll(schedule.Select(fault => fleet.Models[fault.Server].BreakAsync(
                new { mode = fault.Mode, afterTokens = fault.AfterTokens, count = fault.Count })));

            var mended = await ReadAllAsync(gateway, prompts);

            var what = JsonSerializer.Serialize(schedule);
            Assert.All(mended, stream => Assert.True(stream.IsWhole, $"{what}: {JsonSerializer.Serialize(stream)}"));
            Assert.Equal(whole.Select(stream => stream.Text), mended.Select(stream => stream.Text));
            Assert.Equal(
                whole.Select(stream => (stream.PromptTokens, stream.CompletionTokens)),
                mended.Select(stream => (stream.PromptTokens, stream.CompletionTokens)));
            continued += mended.Sum(stream => stream.Continuations);
            await Task.WhenAll(fleet.Models.Select(model => model.BreakAsync(new { mode = "none" })));
        }

        Assert.True(continued > 0, "No stream was continued: the schedules broke none.");
    }

    // Two of the three servers, whichever they are; one at least stays well.
    private static Fault[] Draw(Random random)
    {
        var well = random.Next(3);
        return
        [
            .. Enumerable.Range(0, 3).Where(server => server != well).Select(server => new Fault(
                server, Modes[random.Next(Modes.Length)], random.Next(0, 100), random.Next(1, 4))),
        ];
    }

    private static Task<ChatStream[]> ReadAllAsync(TestGateway gateway, string[] prompts) =>
        Task.WhenAll(prompts.Select(prompt => ChatStream.ReadAsync(gateway, prompt)));

    private sealed record Fault(int Server, string Mode, int AfterTokens, int Count);
}
