namespace Continuity.Reliability.Analysis;

/// <summary>What an analysis may cost.</summary>
public sealed record AnalysisOptions
{
    /// <summary>How many decision-diagram nodes may be alive at once.</summary>
    /// <value>50,000,000 by default, about 1.5 GiB.</value>
    public int MaxNodes { get; init; } = 50_000_000;
}
