namespace Continuity.Contracts.Routing;

/// <summary>What one tenant may use, and how its requests are treated. A limit of 0 is no limit.</summary>
/// <remarks>Each gateway counts for itself: with several gateways a tenant may use as many times as much.</remarks>
public sealed record TenantRoute
{
    /// <summary>The tenant's name, as its keys have it.</summary>
    public required string Name { get; init; }

    /// <summary>Requests in any minute.</summary>
    public long RequestsPerMinute { get; init; }

    /// <summary>Tokens (read and written) in any minute.</summary>
    public long TokensPerMinute { get; init; }

    /// <summary>Requests in a day (UTC).</summary>
    public long RequestsPerDay { get; init; }

    /// <summary>Tokens (read and written) in a day (UTC).</summary>
    public long TokensPerDay { get; init; }

    /// <summary>Requests in flight.</summary>
    public int MaxConcurrency { get; init; }

    /// <summary>The share of its turns when requests wait.</summary>
    /// <value>The default value is 100; 1 to 1,000.</value>
    public int Weight { get; init; } = 100;

    /// <summary>How much its requests matter when they name nothing themselves.</summary>
    /// <value>The default value is <see cref="Criticality.Standard"/>.</value>
    public Criticality Criticality { get; init; } = Criticality.Standard;

    /// <summary>Whether its broken streams go on at another replica.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool ContinueStreams { get; init; } = true;
}
