namespace Continuity.Contracts.Routing;

/// <summary>All a gateway needs to serve with no control plane in reach: one immutable, versioned whole.</summary>
/// <remarks>
/// Long-polled from the Api, checked as a whole, swapped at once and kept on disk as the last-known-good file.
/// </remarks>
public sealed record RoutingSnapshot
{
    /// <summary>The format this build writes; a reader refuses a higher one.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format of this document.</summary>
    /// <value>The default value is <see cref="CurrentFormat"/>.</value>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Grows by at least one with each change that a gateway can see.</summary>
    public required long Version { get; init; }

    /// <summary>When the control plane wrote it (UTC, the control plane's clock).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Whether it may drop more replicas than a gateway would believe: an operator said that this is meant.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool AcceptReplicaLoss { get; init; }

    /// <summary>The sites, in order of preference where a policy has none of its own.</summary>
    public IReadOnlyList<SiteRoute> Sites { get; init; } = [];

    /// <summary>The model services that clients ask for by name.</summary>
    public IReadOnlyList<ServiceRoute> Services { get; init; } = [];

    /// <summary>Other HTTP services, by path prefix.</summary>
    public IReadOnlyList<PrefixRoute> Prefixes { get; init; } = [];

    /// <summary>The tenants that have limits or wishes of their own; a tenant that is not here has none.</summary>
    public IReadOnlyList<TenantRoute> Tenants { get; init; } = [];

    /// <summary>The keys that may call, as hashes.</summary>
    public IReadOnlyList<KeyEntry> Keys { get; init; } = [];
}
