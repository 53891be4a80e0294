using System.Collections.Immutable;

namespace Continuity.Reliability.CommonCause;

/// <summary>Like components that one cause may fail together.</summary>
/// <param name="Id">Names the group in the ids of the events that stand for its common causes.</param>
/// <param name="Members">
/// Basic events of equal probability, which is the total one: from all causes, common ones included. Two or more.
/// </param>
/// <param name="Model">How failures fall on them.</param>
public sealed record CommonCauseGroup(string Id, ImmutableArray<string> Members, CommonCauseModel Model);
