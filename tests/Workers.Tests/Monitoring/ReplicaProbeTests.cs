using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;
using Continuity.ServiceDefaults.Credentials;
using Continuity.Testing;
using Continuity.Workers.Monitoring;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;

namespace Continuity.Workers.Tests.Monitoring;

public sealed class ReplicaProbeTests : IAsyncDisposable
{
    private static readonly Dictionary<string, string?> _settings = new() { ["Credentials:engines"] = "open-sesame" };

    // Where the limit is not what is tested, a busy machine has time to answer.
    private readonly ReplicaProbe _probe = Create(TimeSpan.FromSeconds(30));

    private FakeReplica? _server;

    [Fact]
    public async Task Probe_ReplicaWithItsModel_Succeeds()
    {
        _server = await FakeReplica.StartAsync("sample-chat");

        Assert.Null((await ProbeAsync(_server.Describe("sample-chat"))).Reason);
    }

    [Fact]
    public async Task Probe_ModelNotServed_SaysWhich()
    {
        _server = await FakeReplica.StartAsync("another");

        var result = await ProbeAsync(_server.Describe("sample-chat"));

        Assert.Contains("'sample-chat'", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_UpstreamName_IsTheOneLookedFor()
    {
        _server = await FakeReplica.StartAsync("upstream-name");

        var result = await ProbeAsync(_server.Describe("sample-chat") with { UpstreamModel = "upstream-name" });

        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task Probe_ReplicaThatAsksForACredential_IsShownIt()
    {
        _server = await FakeReplica.StartAsync("sample-chat");
        _server.Key = "open-sesame";

        var without = await ProbeAsync(_server.Describe("sample-chat"));
        var with = await ProbeAsync(_server.Describe("sample-chat") with { Credential = "engines" });

        Assert.Contains("401", without.Reason, StringComparison.Ordinal);
        Assert.Null(with.Reason);
    }

    [Fact]
    public async Task Probe_ReplicaThatSpeaksHttp2Only_IsSpokenToInIt()
    {
        _server = await FakeReplica.StartAsync("sample-chat", HttpProtocols.Http2);

        Assert.False((await ProbeAsync(_server.Describe("sample-chat"))).Succeeded);
        Assert.Null((await ProbeAsync(_server.Describe("sample-chat") with { Http2 = true })).Reason);
    }

    [Fact]
    public async Task Probe_ReplicaAnswers503_Fails()
    {
        _server = await FakeReplica.StartAsync("sample-chat");
        _server.IsFailing = true;

        Assert.Contains("503", (await ProbeAsync(_server.Describe("sample-chat"))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_ReplicaHangs_FailsAtTheTimeLimit()
    {
        _server = await FakeReplica.StartAsync("sample-chat");
        _server.IsHanging = true;
        using var probe = Create(TimeSpan.FromMilliseconds(500));

        var result = await probe.ProbeAsync(_server.Describe("sample-chat"), TestContext.Current.CancellationToken);

        Assert.Contains("did not answer within 0.5 s", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_NobodyListens_Fails()
    {
        var replica = FakeReplica.Describe(new Uri($"http://127.0.0.1:{FreePort.Next()}"), "sample-chat");

        Assert.Contains("refused", (await ProbeAsync(replica)).Reason, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Probe_AnswerIsNoJson_Fails()
    {
        _server = await FakeReplica.StartAsync("sample-chat");
        _server.Models = "<html>";

        Assert.Contains(
            "unreadable", (await ProbeAsync(_server.Describe("sample-chat"))).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EngineKind.Triton)]
    [InlineData(EngineKind.TensorFlowServing)]
    [InlineData(EngineKind.TorchServe)]
    public async Task Probe_EngineWithoutTheOpenAiSurface_IsAskedInItsOwnWay(EngineKind engine)
    {
        _server = await FakeReplica.StartAsync("sample-chat");
        _server.Models = "not JSON";

        Assert.True((await ProbeAsync(_server.Describe("sample-chat") with { Engine = engine })).Succeeded);
    }

    public async ValueTask DisposeAsync()
    {
        _probe.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private static ReplicaProbe Create(TimeSpan timeout) => new(
        Microsoft.Extensions.Options.Options.Create(new MonitoringOptions { Timeout = timeout }),
        ReplicaCredentials.Read(new ConfigurationBuilder().AddInMemoryCollection(_settings).Build()),
        TimeProvider.System);

    private Task<ProbeResult> ProbeAsync(Replica replica) =>
        _probe.ProbeAsync(replica, TestContext.Current.CancellationToken);
}
