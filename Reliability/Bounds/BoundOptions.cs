namespace Continuity.Reliability.Bounds;

/// <summary>What bounds may cost, and when they are good enough.</summary>
public sealed record BoundOptions
{
    /// <summary>How many decision-diagram nodes may be alive at once.</summary>
    /// <value>30,000,000 by default, about 1 GiB.</value>
    public int MaxNodes { get; init; } = 30_000_000;

    /// <summary>The most nodes that one function may keep, in the last and closest round.</summary>
    /// <value>65,536 by default; four times as many cost about five times the time.</value>
    public int MaxFunctionNodes { get; init; } = 1 << 16;

    /// <summary>Bounds that differ by less than this, relative to the upper one, end the analysis.</summary>
    /// <value>1e-6 by default.</value>
    public double RelativeGap { get; init; } = 1e-6;
}
