using Continuity.Reliability.Analysis;
using Continuity.Reliability.CutSets;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Importance;

namespace Continuity.Cli.Reliability;

/// <summary>What was found out about a model.</summary>
/// <param name="Graph">The model.</param>
/// <param name="Probability">That its top fails.</param>
/// <param name="Seconds">From opening the file to here.</param>
/// <param name="PeakNodes">The most decision-diagram nodes held at once.</param>
internal sealed record Solution(FaultGraph Graph, ProbabilityBounds Probability, double Seconds, int PeakNodes)
{
    public required SolveRequest Request { get; init; }

    /// <summary>Null when not asked for, not coherent, or not finished in time.</summary>
    public CutSetCount? CutSets { get; init; }

    /// <summary>The most probable ones; null when not asked for, not coherent, or not finished in time.</summary>
    public IReadOnlyList<CutSet>? TopCutSets { get; init; }

    /// <summary>Null when not asked for, or when the probability is not known exactly.</summary>
    public IReadOnlyList<EventImportance>? Importance { get; init; }

    /// <summary>What was asked for and is missing, and why.</summary>
    public required IReadOnlyList<string> Shortfalls { get; init; }
}
