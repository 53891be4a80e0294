using System.Text.Json.Serialization;

namespace Continuity.Contracts.Sites;

/// <summary>A place where replicas run and artefact sets are kept.</summary>
public sealed record Site
{
    /// <summary>Its id ("east").</summary>
    public required string Id { get; init; }

    /// <summary>What it may be used for now.</summary>
    public required SiteState State { get; init; }

    /// <summary>Lower is preferred; sites of one priority share the traffic.</summary>
    public required int Priority { get; init; }

    /// <summary>Its share of traffic among sites of the same priority; 0 takes it out.</summary>
    public required int Weight { get; init; }

    /// <summary>The folders below which artefact sets may live; relative paths start at the first.</summary>
    public required IReadOnlyList<string> StorageRoots { get; init; }

    /// <summary>What its replicas share: racks, power feeds, switches.</summary>
    public IReadOnlyList<FailureDomain> Domains { get; init; } = [];

    /// <summary>When it was declared (UTC, the database's clock).</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it changed last (UTC, the database's clock).</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What a site may be used for.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<SiteState>))]
public enum SiteState
{
    /// <summary>Takes traffic.</summary>
    Active,

    /// <summary>Takes traffic with less than it should have.</summary>
    Degraded,

    /// <summary>Finishes what it has; takes nothing new.</summary>
    Draining,

    /// <summary>Emptied on purpose.</summary>
    Evacuated,

    /// <summary>Cut off: nothing it writes is accepted.</summary>
    Fenced,

    /// <summary>On its way back; takes no traffic yet.</summary>
    Recovering,

    /// <summary>Ready to take over; takes traffic only when no preferred site can.</summary>
    Standby,
}
