namespace Continuity.Reliability.Distributions;

/// <summary>A range of values.</summary>
/// <param name="Lower">The smaller end.</param>
/// <param name="Upper">The larger end.</param>
public readonly record struct ValueRange(double Lower, double Upper);
