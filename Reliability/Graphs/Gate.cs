using System.Collections.Immutable;

namespace Continuity.Reliability.Graphs;

/// <summary>A function of other nodes.</summary>
/// <param name="Id">Unique among all nodes of the graph.</param>
/// <param name="Kind">How the arguments are combined.</param>
/// <param name="Threshold">The k of <see cref="GateKind.AtLeast"/>; 0 for every other kind.</param>
/// <param name="Arguments">In the order in which the model names them.</param>
/// <param name="Label">What a reader is told it is, if anything.</param>
public sealed record Gate(
    string Id, GateKind Kind, int Threshold, ImmutableArray<GraphNode> Arguments, string? Label = null);
