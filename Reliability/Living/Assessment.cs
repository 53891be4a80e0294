using Continuity.Reliability.CutSets;

namespace Continuity.Reliability.Living;

/// <summary>How reliable a service or an artefact set is, what limits it, and what would help.</summary>
public sealed record Assessment
{
    /// <summary>What it is.</summary>
    public required SubjectKind Kind { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The state of the platform that was assessed.</summary>
    public required string TopologyVersion { get; init; }

    /// <summary>The availability asked of it (SLO).</summary>
    public double? Objective { get; init; }

    /// <summary>Whether <see cref="Availability"/> is at least that.</summary>
    public bool? MeetsObjective { get; init; }

    /// <summary>How probably it is, given how well the failure rates are known.</summary>
    public double? ObjectiveConfidence { get; init; }

    /// <summary>The part of the time that it is up in the long run.</summary>
    public required double Availability { get; init; }

    /// <summary>The availability lies above this with 95 %, given how well the failure rates are known.</summary>
    public required double AvailabilityLow { get; init; }

    /// <summary>The availability lies below this with 95 %.</summary>
    public required double AvailabilityHigh { get; init; }

    /// <summary>-log10 of the unavailability; null when it is never down.</summary>
    public double? Nines { get; init; }

    /// <summary>The expected downtime in a year of 365 days.</summary>
    public required double DowntimeHoursPerYear { get; init; }

    /// <summary>The mean time from one outage to the next; null when there is none.</summary>
    public double? MeanHoursBetweenOutages { get; init; }

    /// <summary>The mission that <see cref="Reliability"/> is about, in hours.</summary>
    public required double MissionHours { get; init; }

    /// <summary>R: the probability of no outage in a mission.</summary>
    public required double Reliability { get; init; }

    /// <summary>What limits it, in a sentence.</summary>
    public required string Limit { get; init; }

    /// <summary>How many minimal cut sets there are, as a decimal number.</summary>
    public string? MinimalCutSets { get; init; }

    /// <summary>The most probable minimal cut sets, most probable first: what fails together when it is down.</summary>
    public required IReadOnlyList<CutSet> TopCutSets { get; init; }

    /// <summary>The events in order of their criticality.</summary>
    public required IReadOnlyList<Contribution> Contributions { get; init; }

    /// <summary>Changes in order of the downtime that they save.</summary>
    public required IReadOnlyList<WhatIfEffect> WhatIfs { get; init; }
}
