using System.Net.Http.Json;
using Continuity.EndToEnd.Tests.Stack;
using Continuity.EndToEnd.Tests.Traffic;

namespace Continuity.EndToEnd.Tests;

/// <summary>Three of four replicas fail, each in its way, and no request notices.</summary>
[Collection(StackScenarios.Name)]
public sealed class ReplicaFailureTests(StackFixture stack)
{
    private const int Requests = 300;

    [Fact]
    public async Task Requests_WhileReplicasDieHangAndRefuse_AreAllAnsweredRight()
    {
        await stack.WaitUntilServingAsync();
        var right = await ChatTraffic.RightAnswersAsync(await stack.AddressAsync("model-west-2"), StackFixture.Model);
        var traffic = new ChatTraffic(stack.Process.Gateway, stack.Process.AdminKey(), StackFixture.Model);

        var sending = traffic.SendAsync(Requests);
        try
        {
            await traffic.EndedAsync(Requests / 6);
            await stack.KillAsync("model-east-1");
            await traffic.EndedAsync(Requests / 3);
            await SetFaultAsync("model-east-2", "hang");
            await traffic.EndedAsync(Requests / 2);
            await SetFaultAsync("model-west-1", "503");
            await sending;

            Assert.Equal(Requests, traffic.Outcomes.Count);
            traffic.AssertNothingLost(right);
        }
        finally
        {
            await SetFaultAsync("model-east-2", "none");
            await SetFaultAsync("model-west-1", "none");
            await stack.StartAsync("model-east-1");
        }
    }

    private async Task SetFaultAsync(string replica, string mode)
    {
        using var client = new HttpClient { BaseAddress = await stack.AddressAsync(replica) };
        using var response = await client.PostAsJsonAsync("/faults", new { mode });
        response.EnsureSuccessStatusCode();
    }
}
