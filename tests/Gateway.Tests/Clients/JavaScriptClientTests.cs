using System.Text.Json;
using Continuity.Gateway.Tests.Backends;
using Continuity.Gateway.Tests.Node;
using Continuity.Testing.Processes;

namespace Continuity.Gateway.Tests.Clients;

/// <summary>The official JavaScript client, in a process of its own, while a server dies.</summary>
public sealed class JavaScriptClientTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task OfficialClient_StreamsOnWhenTheServerIsKilled()
    {
        var folder = await NodePackages.FolderAsync();
        await using var one = await ModelProcess.StartAsync();
        await using var two = await ModelProcess.StartAsync();
        await using var gateway = await TestGateway.StartAsync(ModelFleet.Snapshot(one.Address, two.Address));
        await using var client = await ChildProcess.StartAsync(new ChildProcessStart("node")
        {
            Arguments = ["client.mjs", new Uri(gateway.Address, "/v1").ToString(), TestGateway.Key, "chat"],
            WorkingDirectory = folder,
        });

        await client.WaitForLineAsync("writing", Deadline);
        var replicas = gateway.Routing.Current!.Services[0].Replicas;
        var writer = replicas[0].InFlight > 0 ? one : two;
        await writer.Process.KillAsync();
        using var report = JsonDocument.Parse(await client.WaitForLineAsync("{", Deadline));

        Assert.Equal(0, await client.WaitForExitAsync(Deadline));
        var got = report.RootElement;
        Assert.Equal(got.GetProperty("whole").GetString(), got.GetProperty("text").GetString());
        Assert.Equal(got.GetProperty("wholeTokens").GetInt64(), got.GetProperty("tokens").GetInt64());
        Assert.Equal(1, got.GetProperty("ids").GetArrayLength());
        Assert.Equal(1, got.GetProperty("finishReasons").GetArrayLength());
        var refusal = got.GetProperty("refusal");
        Assert.Equal("NotFoundError", refusal.GetProperty("type").GetString());
        Assert.Equal("model_not_found", refusal.GetProperty("code").GetString());
    }
}
