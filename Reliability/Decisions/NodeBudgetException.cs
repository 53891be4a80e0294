namespace Continuity.Reliability.Decisions;

/// <summary>
/// A decision diagram would have grown past the nodes it was given; its builder tries something else.
/// </summary>
internal sealed class NodeBudgetException() : Exception("The decision diagram reached its node budget.");
