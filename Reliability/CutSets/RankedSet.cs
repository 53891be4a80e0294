namespace Continuity.Reliability.CutSets;

/// <summary>A set of events by their places in the graph.</summary>
internal readonly record struct RankedSet(double Probability, int[] Events);
