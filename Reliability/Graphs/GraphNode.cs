namespace Continuity.Reliability.Graphs;

/// <summary>Points at one node of a <see cref="FaultGraph"/>.</summary>
/// <param name="Kind">Which of the graph's three lists holds it.</param>
/// <param name="Index">Its place in that list.</param>
public readonly record struct GraphNode(NodeKind Kind, int Index);
