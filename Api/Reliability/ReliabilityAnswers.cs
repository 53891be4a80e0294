using Continuity.Reliability.Living;

namespace Continuity.Api.Reliability;

/// <summary>How far an answer can be trusted to be of today.</summary>
/// <param name="IsStale">Whether the platform has changed since the model was compiled, or may have.</param>
/// <param name="Reason">Why, in a sentence; null when it is not stale.</param>
/// <param name="CompiledAt">When the model was compiled (UTC).</param>
/// <param name="Version">The state of the platform that the model is right for.</param>
public sealed record ModelAge(bool IsStale, string? Reason, DateTimeOffset CompiledAt, string Version);

/// <summary>One line for each service and artefact set.</summary>
/// <param name="Model">The model behind it.</param>
/// <param name="Subjects">Services first, in order of their names.</param>
public sealed record ReliabilityOverview(ModelAge Model, IReadOnlyList<SubjectSummary> Subjects);

/// <summary>An assessment in short.</summary>
public sealed record SubjectSummary
{
    /// <summary>What it is.</summary>
    public required SubjectKind Kind { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The part of the time that it is up in the long run.</summary>
    public required double Availability { get; init; }

    /// <summary>The expected downtime in a year.</summary>
    public required double DowntimeHoursPerYear { get; init; }

    /// <summary>The availability asked of it.</summary>
    public double? Objective { get; init; }

    /// <summary>Whether it is met.</summary>
    public bool? MeetsObjective { get; init; }

    /// <summary>What limits it, in a sentence.</summary>
    public required string Limit { get; init; }
}

/// <summary>The assessment of one service or artefact set.</summary>
/// <param name="Model">The model behind it.</param>
/// <param name="Assessment">The assessment.</param>
public sealed record AssessmentAnswer(ModelAge Model, Assessment Assessment);

/// <summary>What a change would bring.</summary>
/// <param name="Model">The model behind it.</param>
/// <param name="Effect">The effect.</param>
public sealed record WhatIfAnswer(ModelAge Model, WhatIfEffect Effect);

/// <summary>The topology and the numbers: what <c>continuity reliability assess</c> takes.</summary>
/// <param name="Topology">What the platform consists of.</param>
/// <param name="Assumptions">The numbers.</param>
public sealed record PlatformAnswer(PlatformTopology Topology, PlatformAssumptions Assumptions);
