using System.Net;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Tests.Backends;

namespace Continuity.Gateway.Tests.Balancing;

/// <summary>Where each policy sends requests, by what is known of the replicas.</summary>
public sealed class PolicyTests : IAsyncLifetime
{
    private readonly StubBackend[] _backends = [.. Enumerable.Range(0, 3).Select(_ => StubBackend.Json("{}"))];

    private int[] Counts => [.. _backends.Select(backend => backend.Requests.Count)];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }
    }

    [Fact]
    public async Task Weighted_SharesByWeight()
    {
        await using var gateway = await StartAsync(LoadBalancingPolicy.Weighted, weights: [300, 100, 0]);

        await AskAsync(gateway, 400);

        // Six standard deviations around 300 of 400.
        Assert.InRange(Counts[0], 248, 352);
        Assert.Equal(0, Counts[2]);
    }

    [Theory]
    [InlineData(LoadBalancingPolicy.LeastRequests)]
    [InlineData(LoadBalancingPolicy.PowerOfTwo)]
    public async Task FewestRequests_AreWhereTheNextGoes(LoadBalancingPolicy policy)
    {
        await using var gateway = await StartAsync(policy);
        Load(gateway, 0, requests: 20, tokens: 1);
        Load(gateway, 1, requests: 20, tokens: 1);

        await AskAsync(gateway, 30);

        // Two drawn at random miss the idle one in a third of the cases; the least of all never does.
        Assert.Equal(policy == LoadBalancingPolicy.LeastRequests, Counts[2] == 30);
        Assert.True(Counts[2] > Counts[0] && Counts[2] > Counts[1], string.Join(", ", Counts));
    }

    [Fact]
    public async Task QueueInsideAnEngine_CountsLikeRequests()
    {
        await using var gateway = await StartAsync(LoadBalancingPolicy.LeastRequests);
        Replica(gateway, 0).Load.Waiting = 5;
        Replica(gateway, 1).Load.CacheUse = 1;

        await AskAsync(gateway, 30);

        Assert.Equal([0, 0, 30], Counts);
    }

    [Fact]
    public async Task PeakEwma_AvoidsTheSlow_AndForgetsWithTime()
    {
        await using var gateway = await StartAsync(LoadBalancingPolicy.PeakEwma);
        var clock = new Clock(TimeProvider.System);
        var minuteAgo = clock.Now - clock.Ticks(TimeSpan.FromMinutes(1));
        Replica(gateway, 0).Latency.Record(100, clock.Now);
        Replica(gateway, 1).Latency.Record(1, clock.Now);
        Replica(gateway, 2).Latency.Record(100, minuteAgo);

        await AskAsync(gateway, 1);

        // A hundred seconds, a minute old, are less than a second now.
        Assert.Equal([0, 0, 1], Counts);
        Assert.True(Replica(gateway, 0).Latency.Value(clock.Now) > 40);
    }

    [Fact]
    public async Task LeastTokens_LooksAtTheWorkAndNotAtTheNumber()
    {
        await using var gateway = await StartAsync(LoadBalancingPolicy.LeastTokens);
        Load(gateway, 0, requests: 1, tokens: 100_000);
        Load(gateway, 1, requests: 1, tokens: 100_000);
        Load(gateway, 2, requests: 50, tokens: 10);

        await AskAsync(gateway, 30);

        Assert.Equal([0, 0, 30], Counts);
    }

    [Fact]
    public async Task PrefixAffinity_KeepsAPrefixTogether_AndSharesPrefixes()
    {
        await using var gateway = await StartAsync(LoadBalancingPolicy.PrefixAffinity);

        await AskAsync(gateway, 30, "one prefix and no other");
        var afterOne = Counts;
        for (var i = 0; i < 60; i++)
        {
            await AskAsync(gateway, 1, $"prefix {i}");
        }

        Assert.Single(afterOne, count => count == 30);
        Assert.All(Counts, count => Assert.InRange(count, 1, 89));
    }

    [Fact]
    public async Task PrefixAffinity_OverItsBound_GoesToTheNext()
    {
        await using var gateway = await StartAsync(LoadBalancingPolicy.PrefixAffinity);
        await AskAsync(gateway, 1, "one prefix and no other");
        var home = Array.IndexOf(Counts, 1);
        Load(gateway, home, requests: 20, tokens: 1);

        await AskAsync(gateway, 10, "one prefix and no other");

        Assert.Equal(1, Counts[home]);
        Assert.Single(Counts, count => count == 10);
    }

    [Fact]
    public async Task Tenants_WithShares_MeetTheirOwnReplicasAlone()
    {
        await using var gateway = await StartAsync(
            LoadBalancingPolicy.RoundRobin, service => service with { ReplicasPerTenant = 2 });

        await AskAsync(gateway, 30);

        Assert.Equal([0, 15, 15], Counts.Order());
    }

    [Fact]
    public async Task Site_OfTheFirstPriority_GetsAll_UntilItHasLostTooMany()
    {
        await using var gateway = await StartAsync(
            LoadBalancingPolicy.RoundRobin, sites: ["east", "east", "west"]);
        await AskAsync(gateway, 20);
        var whole = Counts;
        Replica(gateway, 0).Route = Replica(gateway, 0).Route with { State = ReplicaState.Stopped };

        await AskAsync(gateway, 200);

        // Half of the site is left, which bears 1.4 halves of the load: 140 of 200, within six standard deviations.
        Assert.Equal([10, 10, 0], whole);
        Assert.InRange(Counts[1] - 10, 101, 179);
    }

    private Task<TestGateway> StartAsync(
        LoadBalancingPolicy policy, Func<ServiceRoute, ServiceRoute>? change = null, int[]? weights = null,
        string[]? sites = null)
    {
        var snapshot = TestGateway.Snapshot(_backends);
        var service = snapshot.Services[0];
        service = service with
        {
            Policy = policy,
            Health = new HealthSettings { Interval = TimeSpan.Zero },
            Replicas =
            [
                .. service.Replicas.Select((replica, index) => replica with
                {
                    Weight = weights?[index] ?? 100, Site = sites?[index] ?? "east",
                }),
            ],
        };
        return TestGateway.StartAsync(snapshot with
        {
            Sites = [new SiteRoute { Id = "east" }, new SiteRoute { Id = "west", Priority = 1 }],
            Services = [change?.Invoke(service) ?? service],
        });
    }

    private static Gateway.Routing.Replica Replica(TestGateway gateway, int index) =>
        gateway.Routing.Current!.Services[0].Replicas[index]; // It serves: there is a table.

    private static void Load(TestGateway gateway, int index, int requests, long tokens)
    {
        for (var i = 0; i < requests; i++)
        {
            Replica(gateway, index).Begin(tokens);
        }
    }

    private static async Task AskAsync(TestGateway gateway, int times, string prompt = "hi")
    {
        for (var i = 0; i < times; i++)
        {
            using var response = await gateway.PostAsync(
                "/v1/completions", $$"""{"model":"chat","prompt":"{{prompt}}","max_tokens":1}""");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
