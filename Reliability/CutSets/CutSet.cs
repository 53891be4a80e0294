using System.Collections.Immutable;

namespace Continuity.Reliability.CutSets;

/// <summary>One minimal cut set.</summary>
/// <param name="Events">Its basic events, in the order of the graph.</param>
/// <param name="Probability">That all of them happen: the product of theirs.</param>
public sealed record CutSet(ImmutableArray<string> Events, double Probability);
