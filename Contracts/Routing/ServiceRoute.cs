namespace Continuity.Contracts.Routing;

/// <summary>A model name that clients ask for, and the replicas that serve it.</summary>
public sealed record ServiceRoute
{
    /// <summary>The name in the request's <c>model</c> field.</summary>
    public required string Name { get; init; }

    /// <summary>How a replica is chosen.</summary>
    /// <value>The default value is <see cref="LoadBalancingPolicy.LeastRequests"/>.</value>
    public LoadBalancingPolicy Policy { get; init; } = LoadBalancingPolicy.LeastRequests;

    /// <summary>How long a replica may take to its first byte before another one is asked.</summary>
    /// <value>The default value is 10 seconds.</value>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest silence between two events of a stream before the replica counts as stalled.</summary>
    /// <value>The default value is 5 seconds.</value>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The replicas, of all sites.</summary>
    public IReadOnlyList<ReplicaRoute> Replicas { get; init; } = [];
}
