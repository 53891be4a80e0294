namespace Continuity.Reliability.Analysis;

/// <summary>What an analysis may cost.</summary>
public sealed record AnalysisOptions
{
    /// <summary>How many decision-diagram nodes may be alive at once.</summary>
    /// <value>16,777,216 by default, about 0.6 GiB.</value>
    public int MaxNodes { get; init; } = 1 << 24;
}
