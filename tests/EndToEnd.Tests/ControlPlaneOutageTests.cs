using Continuity.EndToEnd.Tests.Stack;
using Continuity.EndToEnd.Tests.Traffic;

namespace Continuity.EndToEnd.Tests;

/// <summary>Requests need the gateway and a replica, and nothing else.</summary>
[Collection(StackScenarios.Name)]
public sealed class ControlPlaneOutageTests(StackFixture stack)
{
    private static readonly TimeSpan _outage = TimeSpan.FromSeconds(20);

    private static readonly string[] _controlPlane = ["postgres", "kafka", "api"];

    [Fact]
    public async Task Requests_WhilePostgresKafkaAndApiAreDead_AreAllAnsweredRight()
    {
        await stack.WaitUntilServingAsync();
        var right = await ChatTraffic.RightAnswersAsync(await stack.AddressAsync("model-west-2"), StackFixture.Model);
        var traffic = new ChatTraffic(stack.Process.Gateway, stack.Process.AdminKey(), StackFixture.Model);
        using var over = new CancellationTokenSource();

        var sending = traffic.SendAsync(int.MaxValue, over.Token);
        try
        {
            await Task.WhenAll(_controlPlane.Select(stack.KillAsync));
            await Task.Delay(_outage, TimeProvider.System);
        }
        finally
        {
            await stack.StartAsync(_controlPlane);
        }

        await over.CancelAsync();
        await sending;

        Assert.True(traffic.Outcomes.Count > 100, $"Only {traffic.Outcomes.Count} requests: hardly a load.");
        Assert.DoesNotContain(traffic.Outcomes, outcome => outcome.HasFailed);
        traffic.AssertNothingLost(right);
    }

    [Fact]
    public async Task Gateway_RestartedWithTheControlPlaneDead_ServesFromItsLastKnownGoodFile()
    {
        await stack.WaitUntilServingAsync();
        await stack.KillAsync("api");
        try
        {
            await stack.KillAsync("gateway");
            await stack.StartAsync("gateway");

            await AssertServesAsync();
        }
        finally
        {
            await stack.StartAsync("api");
        }
    }

    [Fact]
    public async Task Gateway_RestartedOverACorruptFile_ServesFromThePreviousOneAndSaysSo()
    {
        await stack.WaitUntilServingAsync();
        var file = stack.Process.StateFile("gateway/routing.json");
        await stack.KillAsync("api");
        try
        {
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
            await stack.StartAsync("api");
        }
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
