using System.Diagnostics;
using System.Net;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Tests.Backends;
using Continuity.Testing.Processes;

namespace Continuity.Gateway.Tests.Failures;

/// <summary>One of three real servers fails under load: nothing is lost, no stream is broken.</summary>
public sealed class ReplicaFailureTests
{
    private const int Streams = 15;
    private const int Requests = 30;

    public static TheoryData<string> Faults => ["kill", "stop", "503", "reset"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Replica_FailingUnderLoad_CostsNoRequestAndNoStream(string fault)
    {
        await using var one = await ModelProcess.StartAsync();
        await using var two = await ModelProcess.StartAsync();
        await using var three = await ModelProcess.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            ModelFleet.Snapshot(one.Address, two.Address, three.Address));
        var whole = await ChatStream.ReadAsync(gateway, "load");
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var streams = Enumerable.Range(0, Streams)
            .Select(_ => ChatStream.ReadAsync(gateway, "load", onEvent: count => Begin(begun, count)))
            .ToArray();

        await begun.Task;
        await FailAsync(two, fault);
        var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => AskAsync(gateway)));
        var read = await Task.WhenAll(streams);

        Assert.DoesNotContain(answers, answer => answer.Length > 0);
        Assert.All(read, stream => Assert.True(stream.IsWhole, $"{stream.ErrorCode}: {stream.Text}"));
        Assert.All(read, stream => Assert.Equal(whole.Text, stream.Text));
    }

    [Fact]
    public async Task Site_LostUnderLoad_CostsNothing()
    {
        await using var east1 = await ModelProcess.StartAsync();
        await using var east2 = await ModelProcess.StartAsync();
        await using var west1 = await ModelProcess.StartAsync();
        await using var west2 = await ModelProcess.StartAsync();
        var snapshot = ModelFleet.Snapshot(east1.Address, east2.Address, west1.Address, west2.Address);
        var service = snapshot.Services[0];
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Sites = [new() { Id = "east" }, new() { Id = "west", Priority = 1 }],
            Services = [service with { Replicas = [.. service.Replicas.Select(InTwoSites)] }],
        });
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var streams = Enumerable.Range(0, Streams)
            .Select(_ => ChatStream.ReadAsync(gateway, "load", onEvent: count => Begin(begun, count)))
            .ToArray();

        await begun.Task;
        await Task.WhenAll(east1.Process.KillAsync(), east2.Process.KillAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => AskAsync(gateway)));

        Assert.DoesNotContain(answers, answer => answer.Length > 0);
        Assert.All(await Task.WhenAll(streams), stream => Assert.True(stream.IsWhole, stream.ErrorCode));
    }

    private static ReplicaRoute InTwoSites(ReplicaRoute replica, int index) =>
        replica with { Site = index < 2 ? "east" : "west" };

    private static Task Begin(TaskCompletionSource begun, int count)
    {
        if (count == 20)
        {
            begun.TrySetResult();
        }

        return Task.CompletedTask;
    }

    // What went wrong; nothing when the answer is good.
    private static async Task<string> AskAsync(TestGateway gateway)
    {
        using var response = await gateway.PostAsync(
            "/v1/chat/completions", """{"model":"chat","messages":[{"role":"user","content":"hi"}],"max_tokens":3}""");
        return response.StatusCode == HttpStatusCode.OK
            ? ""
            : $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}";
    }

    private static Task FailAsync(ModelProcess model, string fault)
    {
        switch (fault)
        {
            case "kill":
                return model.Process.KillAsync();
            case "stop":
                model.Process.Signal(UnixSignal.Stop);
                return Task.CompletedTask;
            case "503":
                return model.BreakAsync(new { mode = fault });
            case "reset":
                return model.BreakAsync(new { mode = fault, afterTokens = 2 });
            default:
                throw new UnreachableException();
        }
    }
}
