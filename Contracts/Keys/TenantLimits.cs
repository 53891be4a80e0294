using System.ComponentModel.DataAnnotations;
using Continuity.Contracts.Routing;

namespace Continuity.Contracts.Keys;

/// <summary>What one tenant may use, and how its requests are treated. A limit of 0 is no limit.</summary>
/// <remarks>Each gateway counts for itself: with several gateways a tenant may use as many times as much.</remarks>
public record TenantLimits
{
    /// <summary>Requests in any minute.</summary>
    [Range(0, long.MaxValue)]
    public long RequestsPerMinute { get; init; }

    /// <summary>Tokens (read and written) in any minute.</summary>
    [Range(0, long.MaxValue)]
    public long TokensPerMinute { get; init; }

    /// <summary>Requests in a day (UTC).</summary>
    [Range(0, long.MaxValue)]
    public long RequestsPerDay { get; init; }

    /// <summary>Tokens (read and written) in a day (UTC).</summary>
    [Range(0, long.MaxValue)]
    public long TokensPerDay { get; init; }

    /// <summary>Requests in flight.</summary>
    [Range(0, int.MaxValue)]
    public int MaxConcurrency { get; init; }

    /// <summary>The share of its turns when requests wait.</summary>
    /// <value>The default value is 100; 1 to 1,000.</value>
    [Range(1, 1000)]
    public int Weight { get; init; } = 100;

    /// <summary>How much its requests matter when they name nothing themselves.</summary>
    /// <value>The default value is <see cref="Criticality.Standard"/>.</value>
    public Criticality Criticality { get; init; } = Criticality.Standard;

    /// <summary>Whether its broken streams go on at another replica.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool ContinueStreams { get; init; } = true;
}

/// <summary>A tenant that has limits of its own; keys of other tenants have none.</summary>
public sealed record Tenant : TenantLimits
{
    /// <summary>Makes a tenant without limits.</summary>
    public Tenant()
    {
    }

    /// <summary>Makes a tenant with these limits.</summary>
    public Tenant(TenantLimits limits)
        : base(limits)
    {
    }

    /// <summary>Its name, as its keys have it.</summary>
    public required string Name { get; init; }
}
