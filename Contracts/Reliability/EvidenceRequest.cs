using System.ComponentModel.DataAnnotations;

namespace Continuity.Contracts.Reliability;

/// <summary>What was seen: faults, and for how long components of each class were watched.</summary>
public sealed record EvidenceRequest
{
    /// <summary>The faults, by incident or by drill: at most 100,000.</summary>
    [Required]
    [MaxLength(100_000)]
    public required IReadOnlyList<ObservedFault> Faults { get; init; }

    /// <summary>
    /// For site, gateway, replica, storage and infrastructure: the hours of all components of the class together.
    /// </summary>
    [Required]
    public required IReadOnlyDictionary<string, double> ExposureHours { get; init; }
}

/// <summary>One fault that was seen.</summary>
public sealed record ObservedFault
{
    /// <summary>What failed: site, gateway, replica, storage or infrastructure.</summary>
    [Required]
    [RegularExpression("^(?:site|gateway|replica|storage|infrastructure)$",
        ErrorMessage = "{0} must be site, gateway, replica, storage or infrastructure.")]
    public required string Component { get; init; }

    /// <summary>Whether it was made on purpose: then it counts towards failover success alone.</summary>
    public bool IsDrill { get; init; }

    /// <summary>How long the repair took; left out while it is not finished.</summary>
    [Range(1e-6, 1e6)]
    public double? RepairHours { get; init; }

    /// <summary>Whether what stands by took over; left out where nothing was to.</summary>
    public bool? FailoverSucceeded { get; init; }

    /// <summary>What a reader should know of it; at most 1,024 characters.</summary>
    [StringLength(1024)]
    public string? Note { get; init; }
}
