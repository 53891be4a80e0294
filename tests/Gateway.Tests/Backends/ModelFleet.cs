using Continuity.Contracts.Routing;

namespace Continuity.Gateway.Tests.Backends;

/// <summary>Three model servers, two sites, started once for a class of tests that leave them whole.</summary>
public sealed class ModelFleet : IAsyncLifetime
{
    internal List<ModelProcess> Models { get; } = [];

    public async ValueTask InitializeAsync() =>
        Models.AddRange(await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ModelProcess.StartAsync())));

    public async ValueTask DisposeAsync()
    {
        foreach (var model in Models)
        {
            await model.DisposeAsync();
        }
    }

    internal RoutingSnapshot Snapshot() => Snapshot([.. Models.Select(model => model.Address)]);

    /// <summary>A snapshot whose timeouts a busy machine keeps too.</summary>
    internal static RoutingSnapshot Snapshot(params Uri[] addresses)
    {
        var snapshot = TestGateway.Snapshot();
        return snapshot with
        {
            Services =
            [
                snapshot.Services[0] with
                {
                    Policy = LoadBalancingPolicy.LeastRequests,
                    FirstByteTimeout = TimeSpan.FromSeconds(20),
                    StallTimeout = TimeSpan.FromSeconds(5),
                    Health = new HealthSettings { Timeout = TimeSpan.FromSeconds(5) },
                    Streams = new StreamSettings { SuspicionFloor = TimeSpan.FromSeconds(3), MaxContinuations = 20 },
                    Replicas = [.. addresses.Select((address, index) => TestGateway.Replica($"m{index}", address))],
                },
            ],
        };
    }
}
