using Continuity.Reliability.Analysis;

namespace Continuity.Reliability.Bounds;

/// <summary>Bounds, and what they took.</summary>
/// <param name="Probability">The probability that the top is true lies between these.</param>
/// <param name="PeakNodes">The most decision-diagram nodes held at once.</param>
public sealed record BoundResult(ProbabilityBounds Probability, int PeakNodes);
