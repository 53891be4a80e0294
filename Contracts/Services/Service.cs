using Continuity.Contracts.Routing;

namespace Continuity.Contracts.Services;

/// <summary>A model name that clients ask for.</summary>
public sealed record Service
{
    /// <summary>The name in a request's <c>model</c> field.</summary>
    public required string Name { get; init; }

    /// <summary>How a gateway chooses a replica.</summary>
    public required LoadBalancingPolicy Policy { get; init; }

    /// <summary>How long a replica may take to its first byte before another one is asked.</summary>
    public required TimeSpan FirstByteTimeout { get; init; }

    /// <summary>The longest silence between two events of a stream before the replica counts as stalled.</summary>
    public required TimeSpan StallTimeout { get; init; }

    /// <summary>When it was declared (UTC, the database's clock).</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it changed last (UTC, the database's clock).</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
