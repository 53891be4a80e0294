using System.ComponentModel.DataAnnotations;
using Continuity.Contracts.Routing;

namespace Continuity.Contracts.Services;

/// <summary>Declares a service, or replaces what was declared of it.</summary>
public sealed record PutServiceRequest
{
    /// <summary>How a gateway chooses a replica.</summary>
    /// <value>The default value is <see cref="LoadBalancingPolicy.LeastRequests"/>.</value>
    public LoadBalancingPolicy Policy { get; init; } = LoadBalancingPolicy.LeastRequests;

    /// <summary>How long a replica may take to its first byte before another one is asked.</summary>
    /// <value>The default value is 10 seconds; 10 milliseconds to 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest silence between two events of a stream before the replica counts as stalled.</summary>
    /// <value>The default value is 5 seconds; 10 milliseconds to 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
