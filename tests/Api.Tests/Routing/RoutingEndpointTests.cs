using System.Net;
using System.Text.Json;
using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;
using Continuity.Contracts.Sites;
using Continuity.Testing;

namespace Continuity.Api.Tests.Routing;

public sealed class RoutingEndpointTests(ApiFixture fixture)
{
    [Fact]
    public async Task Routing_AfterChanges_HasThemAndALargerVersion()
    {
        var before = await ReadAsync(after: 0, wait: 0);

        await fixture.Admin.PutAsync<Site>("sites/routed", new PutSiteRequest { Priority = 3 });
        await fixture.Admin.PutAsync<Service>(
            "services/routed%2Fmodel", new ServiceSettings { Policy = LoadBalancingPolicy.PowerOfTwo });
        await fixture.Admin.PutAsync<Replica>(
            "services/routed%2Fmodel/replicas/routed-1",
            new PutReplicaRequest { Site = "routed", Address = new Uri("http://127.0.0.1:8101"),
                Engine = EngineKind.Vllm });
        var after = await ReadAsync(after: 0, wait: 0);

        Assert.True(after!.Version > before!.Version);
        Assert.Contains(after.Sites, site => site is { Id: "routed", Priority: 3, AcceptsTraffic: true });
        var service = Assert.Single(after.Services, service => service.Name == "routed/model");
        Assert.Equal(LoadBalancingPolicy.PowerOfTwo, service.Policy);
        Assert.Equal("routed-1", Assert.Single(service.Replicas).Id);
        Assert.Contains(after.Keys, key => key.Id == "admin");
    }

    [Fact]
    public async Task Routing_LongPoll_EndsWithTheChange()
    {
        var version = (await ReadAsync(after: 0, wait: 0))!.Version;
        var waiting = ReadUntilAsync("polled", version);

        await fixture.Admin.PutAsync<Site>("sites/polled", new PutSiteRequest());

        Assert.True((await waiting).Version > version);
    }

    [Fact]
    public async Task Routing_NothingNewer_Answers304WithTheVersion()
    {
        // Other tests change routing at the same time: ask until a whole wait saw no change.
        await Eventually.HoldsAsync(async () =>
        {
            var version = (await ReadAsync(after: 0, wait: 0))!.Version;
            using var response = await fixture.Admin.Http.GetAsync($"routing?after={version}");
            return response.StatusCode == HttpStatusCode.NotModified
                && response.Headers.ETag?.Tag == $"\"{version}\"";
        });
    }

    private async Task<RoutingSnapshot> ReadUntilAsync(string site, long version)
    {
        while (true)
        {
            var snapshot = await ReadAsync(version, wait: 30);
            version = snapshot?.Version ?? version;
            if (snapshot?.Sites.Any(route => route.Id == site) == true)
            {
                return snapshot;
            }
        }
    }

    private async Task<RoutingSnapshot?> ReadAsync(long after, int wait)
    {
        using var response = await fixture.Admin.Http.GetAsync($"routing?after={after}&wait={wait}");
        return response.StatusCode == HttpStatusCode.NotModified
            ? null
            : JsonSerializer.Deserialize(await response.Content.ReadAsStreamAsync(), RoutingJson.Snapshot);
    }
}
