using System.Net;
using System.Text.Json;
using Continuity.Contracts.Keys;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Admin;

public sealed class GatewayViewTests
{
    [Theory]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    [InlineData(TestGateway.Key, HttpStatusCode.Forbidden)]
    [InlineData("viewer", HttpStatusCode.OK)]
    public async Task View_NeedsARoleThatMaySee(string key, HttpStatusCode expected)
    {
        await using var gateway = await StartAsync();
        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);

        using var response = await gateway.Client.GetAsync("/gateway/replicas");

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task EjectedReplica_IsShownWithItsReason()
    {
        await using var bad = StubBackend.Json("{}", 503);
        await using var good = StubBackend.Json("{}");
        await using var gateway = await StartAsync(bad, good);
        for (var i = 0; i < 6; i++)
        {
            using var answer = await gateway.ChatAsync();
        }

        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", "viewer");
        using var replicas = JsonDocument.Parse(await gateway.Client.GetStringAsync("/gateway/replicas"));
        using var routing = JsonDocument.Parse(await gateway.Client.GetStringAsync("/gateway/routing"));

        var shown = replicas.RootElement[0];
        Assert.Equal("r0", shown.GetProperty("id").GetString());
        Assert.Equal("ejected", shown.GetProperty("standing").GetString());
        Assert.Contains("503", shown.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("good", replicas.RootElement[1].GetProperty("standing").GetString());
        Assert.Equal(1, routing.RootElement.GetProperty("version").GetInt64());
        Assert.Equal("file", routing.RootElement.GetProperty("source").GetString());
    }

    private static Task<TestGateway> StartAsync(params StubBackend[] backends)
    {
        var snapshot = TestGateway.Snapshot(backends);
        return TestGateway.StartAsync(
            snapshot with { Keys = [.. snapshot.Keys, TestGateway.Entry("v", "viewer", Role.Viewer)] });
    }
}
