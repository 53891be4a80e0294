namespace Continuity.Reliability.Graphs;

/// <summary>A switch of the model: true or false for sure, so that parts of a model can be turned on and off.</summary>
/// <param name="Id">Unique among all nodes of the graph.</param>
/// <param name="State">Its value.</param>
/// <param name="Label">What a reader is told it is, if anything.</param>
public sealed record HouseEvent(string Id, bool State, string? Label = null);
