using System.ComponentModel.DataAnnotations;

namespace Continuity.Contracts.Reliability;

/// <summary>A change whose effect on a service is asked about; what is left out stays as it is.</summary>
public sealed record WhatIfRequest
{
    /// <summary>Whether a further site of the best priority runs as many replicas as the largest one.</summary>
    public bool NewSite { get; init; }

    /// <summary>A site of the service that gets one more replica.</summary>
    [StringLength(64)]
    public string? ReplicaAt { get; init; }

    /// <summary>
    /// A failure domain, as "site/domain", that gets a second one beside it; one that depends on no other.
    /// </summary>
    [StringLength(128)]
    public string? SecondDomain { get; init; }

    /// <summary>A failure domain, as "site/domain", half of whose replicas move to another such one.</summary>
    [StringLength(128)]
    public string? SpreadDomain { get; init; }

    /// <summary>What repair times are multiplied by: 0.5 for "repair in half the time".</summary>
    /// <value>The default value is 1; 0.001 to 1,000.</value>
    [Range(0.001, 1000)]
    public double RepairFactor { get; init; } = 1;

    /// <summary>What failure rates are multiplied by.</summary>
    /// <value>The default value is 1; 0.001 to 1,000.</value>
    [Range(0.001, 1000)]
    public double FailureFactor { get; init; } = 1;

    /// <summary>
    /// What the factors apply to: site, gateway, replica, storage or infrastructure; all of them when left out.
    /// </summary>
    [RegularExpression("^(?:site|gateway|replica|storage|infrastructure)$",
        ErrorMessage = "{0} must be site, gateway, replica, storage or infrastructure.")]
    public string? Component { get; init; }

    /// <summary>Hours between failover drills: 730 for "test failover monthly".</summary>
    /// <value>1 to 100,000.</value>
    [Range(1, 100_000)]
    public double? FailoverTestHours { get; init; }

    /// <summary>The share of a replica's failures that hits all replicas of its service.</summary>
    /// <value>0 to 1.</value>
    [Range(0.0, 1.0)]
    public double? CommonCauseShare { get; init; }
}
