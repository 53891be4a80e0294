using Continuity.Contracts.Jobs;
using Continuity.EndToEnd.Tests.Jobs;
using Continuity.EndToEnd.Tests.Stack;
using Continuity.EndToEnd.Tests.Traffic;

namespace Continuity.EndToEnd.Tests;

/// <summary>Requests need the gateway and a replica, and nothing else; jobs wait, and none is lost.</summary>
[Collection(StackScenarios.Name)]
public sealed class ControlPlaneOutageTests(StackFixture stack)
{
    private static readonly TimeSpan _outage = TimeSpan.FromSeconds(20);

    private static readonly string[] _controlPlane = ["postgres", "kafka", "api"];

    [Fact]
    public async Task RequestsAndJobs_WhilePostgresKafkaAndApiAreDead_AreAllAnsweredRightAndDoneOnce()
    {
        await stack.WaitUntilWholeAsync();
        var load = new JobLoad(stack.Process, stack.Jobs);
        await load.DeclareAsync();
        var right = await ChatTraffic.RightAnswersAsync(await stack.AddressAsync("model-west-2"), StackFixture.Model);
        var traffic = new ChatTraffic(stack.Process.Gateway, stack.Process.AdminKey(), StackFixture.Model);
        using var over = new CancellationTokenSource();
        var sending = traffic.SendAsync(int.MaxValue, over.Token);
        try
        {
            await BreakUnderJobsAsync(load);
        }
        finally
        {
            await over.CancelAsync();
            await sending;
        }

        await load.ChangeAsync();
        await load.AskAsync("changed", JobKind.Sync);

        Assert.True(traffic.Outcomes.Count > 100, $"Only {traffic.Outcomes.Count} requests: hardly a load.");
        Assert.DoesNotContain(traffic.Outcomes, outcome => outcome.HasFailed);
        traffic.AssertNothingLost(right);
        await load.AssertAllDoneOnceAsync();
    }

    [Fact]
    public async Task Gateway_RestartedWithTheControlPlaneDead_ServesFromItsLastKnownGoodFile()
    {
        await stack.WaitUntilServingAsync();
        try
        {
            await stack.KillAsync("api");
            await stack.KillAsync("gateway");
            await stack.StartAsync("gateway");

            await AssertServesAsync();
        }
        finally
        {
            await stack.StartAsync("gateway", "api");
        }
    }

    [Fact]
    public async Task Gateway_RestartedOverACorruptFile_ServesFromThePreviousOneAndSaysSo()
    {
        await stack.WaitUntilServingAsync();
        var file = stack.Process.StateFile("gateway/routing.json");
        try
        {
            await stack.KillAsync("api");
            await stack.KillAsync("gateway");
            var bytes = await File.ReadAllBytesAsync(file);
            bytes[bytes.Length / 2] ^= 0x01;
            await File.WriteAllBytesAsync(file, bytes);
            await stack.StartAsync("gateway");

            await AssertServesAsync();
            var log = await File.ReadAllTextAsync(stack.Process.StateFile("logs/gateway.log"));
            Assert.Contains("The previous file is used.", log, StringComparison.Ordinal);
        }
        finally
        {
            await stack.StartAsync("gateway", "api");
        }
    }

    private async Task BreakUnderJobsAsync(JobLoad load)
    {
        await load.AskAsync("before", JobKind.Sync);
        await load.AskAsync("before", JobKind.Backup);
        await load.AtWorkAsync();

        // Asked while it dies, and answered once it lives again: whether the first request was stored, nobody knows.
        var asking = load.AskAsync("meanwhile", JobKind.Sync);
        try
        {
            await Task.WhenAll(_controlPlane.Select(stack.KillAsync));
            await Task.Delay(_outage, TimeProvider.System);
        }
        finally
        {
            await stack.StartAsync(_controlPlane);
            await asking;
        }

        await load.AskAsync("after", JobKind.Backup);
        await load.AskAsync("before", JobKind.Sync);
    }

    private async Task AssertServesAsync()
    {
        var right = await ChatTraffic.RightAnswersAsync(await stack.AddressAsync("model-west-2"), StackFixture.Model);
        var traffic = new ChatTraffic(stack.Process.Gateway, stack.Process.AdminKey(), StackFixture.Model);

        await traffic.SendAsync(count: 20);

        Assert.DoesNotContain(traffic.Outcomes, outcome => outcome.HasFailed);
        traffic.AssertNothingLost(right);
    }
}
