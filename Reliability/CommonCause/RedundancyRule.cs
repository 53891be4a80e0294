namespace Continuity.Reliability.CommonCause;

/// <summary>What a redundant gate of a graph leaves out: that taking over may fail.</summary>
/// <param name="Gate">The id of the gate.</param>
public abstract record RedundancyRule(string Gate);
