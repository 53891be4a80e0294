namespace Continuity.Reliability.Graphs;

/// <summary>Something that fails by itself, independently of every other basic event.</summary>
/// <param name="Id">Unique among all nodes of the graph.</param>
/// <param name="Probability">That it has failed, 0 to 1.</param>
/// <param name="Label">What a reader is told it is, if anything.</param>
public sealed record BasicEvent(string Id, double Probability, string? Label = null);
