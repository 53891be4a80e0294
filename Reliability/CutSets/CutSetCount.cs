using System.Collections.Immutable;
using System.Numerics;

namespace Continuity.Reliability.CutSets;

/// <summary>How many minimal cut sets a model has.</summary>
/// <param name="ByOrder">
/// At place k, how many of them have exactly k basic events; place 0 is 1 only for a top that is always true.
/// </param>
public sealed record CutSetCount(ImmutableArray<BigInteger> ByOrder)
{
    /// <summary>All of them.</summary>
    public BigInteger Total => ByOrder.Aggregate(BigInteger.Zero, (sum, count) => sum + count);
}
