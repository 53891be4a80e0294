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

    /// <summary>
    /// What <see cref="FirstByteTimeout"/> grows by with each KiB of the request: long prompts take long to read.
    /// </summary>
    /// <value>The default value is 20 milliseconds.</value>
    public TimeSpan FirstByteTimeoutPerKiB { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a request may take in all when the caller names no deadline.</summary>
    /// <value>The default value is 10 minutes.</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How a replica is asked whether it lives.</summary>
    public HealthSettings Health { get; init; } = new();

    /// <summary>What is done when a replica fails a request.</summary>
    public RetrySettings Retry { get; init; } = new();

    /// <summary>What is done when a replica breaks a stream.</summary>
    public StreamSettings Streams { get; init; } = new();

    /// <summary>How many requests go to the replicas at a time, and how many wait.</summary>
    public AdmissionSettings Admission { get; init; } = new();

    /// <summary>
    /// How many replicas each tenant is served by, chosen by its name, so that a tenant's poison reaches no others.
    /// </summary>
    /// <value>The default value is 0: all of them.</value>
    public int ReplicasPerTenant { get; init; }

    /// <summary>The replicas, of all sites.</summary>
    public IReadOnlyList<ReplicaRoute> Replicas { get; init; } = [];
}
