using System.Text.Json;
using Continuity.Contracts.Keys;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Tests.Backends;
using Continuity.Testing;
using Continuity.Testing.Processes;

namespace Continuity.Gateway.Tests.Failures;

/// <summary>Gateways of another site as replicas: HTTP/2, a credential, and one of them killed in mid-stream.</summary>
public sealed class DistantGatewayTests
{
    private const string Key = "ck_far_secret";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Stream_ThroughAGatewayThatIsKilled_GoesOnThroughAnother()
    {
        using var folder = new TemporaryFolder();
        // Three seconds of writing: also on a busy machine the kill comes before its end.
        await using var model = await ModelProcess.StartAsync(tokens: 300, tokenDelayMilliseconds: 10);
        await using var first = await DistantGateway.StartAsync(folder.Combine("first.json"), model.Address);
        await using var second = await DistantGateway.StartAsync(folder.Combine("second.json"), model.Address);
        await using var near = await TestGateway.StartAsync(
            Near(first.Address, second.Address), $"--Credentials:far={Key}");
        var replicas = near.Routing.Current!.FindModel("chat")!.Pool.Replicas; // The snapshot has it.

        // What the models behind the other gateways can do is found out through them.
        await Eventually.HoldsAsync(
            () => replicas.All(replica => replica.Continuation == ContinuationSupport.FinalMessage));

        var whole = await ChatStream.ReadAsync(near, "Tell me more.");
        var broken = await ChatStream.ReadAsync(near, "Tell me more.", onEvent: number =>
        {
            var isServing = replicas[0].InFlight > 0;
            return number == 20 ? (isServing ? first : second).Process.KillAsync() : Task.CompletedTask;
        });

        Assert.True(whole.IsWhole);
        Assert.True(broken.IsWhole);
        Assert.Equal(1, broken.Continuations);
        Assert.Equal(
            (whole.Text, whole.PromptTokens, whole.CompletionTokens),
            (broken.Text, broken.PromptTokens, broken.CompletionTokens));
    }

    private static RoutingSnapshot Near(params Uri[] gateways)
    {
        var snapshot = ModelFleet.Snapshot(gateways);
        var service = snapshot.Services[0];
        var replicas = service.Replicas.Select(replica =>
            replica with { Engine = EngineKind.OpenAi, Http2 = true, Credential = "far" });
        return snapshot with { Services = [service with { Replicas = [.. replicas] }] };
    }

    private sealed record DistantGateway(ChildProcess Process, Uri Address) : IAsyncDisposable
    {
        public static async Task<DistantGateway> StartAsync(string file, Uri model)
        {
            var snapshot = ModelFleet.Snapshot(model) with { Keys = [TestGateway.Entry("near", Key, Role.Client)] };
            await File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(snapshot, RoutingJson.Snapshot));
            var (address, health) = (Loopback(), Loopback());
            var process = await ChildProcess.StartProjectAsync("Gateway", [], new Dictionary<string, string>
            {
                ["Kestrel__Endpoints__Gateways__Url"] = address.ToString(),
                ["Kestrel__Endpoints__Gateways__Protocols"] = "Http2",
                ["Kestrel__Endpoints__Health__Url"] = health.ToString(),
                ["Routing__File"] = file,
                ["Logging__LogLevel__Default"] = "Warning",
            });
            await process.WaitForHttpOkAsync(new Uri(health, "/health"), Deadline);
            return new DistantGateway(process, address);
        }

        public ValueTask DisposeAsync() => Process.DisposeAsync();

        private static Uri Loopback() => new($"http://127.0.0.1:{FreePort.Next()}");
    }
}
