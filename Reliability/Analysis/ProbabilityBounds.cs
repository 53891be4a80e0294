namespace Continuity.Reliability.Analysis;

/// <summary>
/// What is known about a probability: it lies between two bounds, which are equal when it is known exactly.
/// </summary>
/// <param name="Lower">It is at least this.</param>
/// <param name="Upper">It is at most this.</param>
public readonly record struct ProbabilityBounds(double Lower, double Upper)
{
    /// <summary>Whether the bounds are the value itself (to rounding).</summary>
    public bool IsExact => Lower == Upper;

    /// <summary>A value that is known.</summary>
    /// <param name="value">The probability.</param>
    public static ProbabilityBounds Exactly(double value) => new(value, value);
}
