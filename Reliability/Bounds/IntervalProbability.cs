using Continuity.Reliability.Decisions;

namespace Continuity.Reliability.Bounds;

/// <summary>The least and the greatest probability of a diagram whose variables are known to intervals.</summary>
/// <remarks>
/// A node's probability is linear in that of its variable, so that its extremes lie at the ends of the interval; taking
/// them node by node can only widen the result. Sums of products of numbers that are not negative: the result's
/// relative rounding is at most a few units in the last place a level, which <see cref="Margin"/> covers.
/// </remarks>
internal static class IntervalProbability
{
    /// <summary>What rounding may have cost, relative to the value.</summary>
    public const double Margin = 1e-11;

    /// <summary>The least probability of a function, for the function itself and for its complement.</summary>
    public static (double Plain, double Negated) Least(
        ReadOnlySpan<DecisionNode> nodes, int root, ReadOnlySpan<Interval> atLevel) =>
        Extreme(nodes, root, atLevel, isLeast: true);

    /// <summary>The greatest probability of a function, for the function itself and for its complement.</summary>
    public static (double Plain, double Negated) Greatest(
        ReadOnlySpan<DecisionNode> nodes, int root, ReadOnlySpan<Interval> atLevel) =>
        Extreme(nodes, root, atLevel, isLeast: false);

    private static (double Plain, double Negated) Extreme(
        ReadOnlySpan<DecisionNode> nodes, int root, ReadOnlySpan<Interval> atLevel, bool isLeast)
    {
        var last = Edge.Node(root);
        var values = new double[(2 * last) + 2];
        values[Edge.True] = 1;
        for (var edge = 2; edge < values.Length; edge++)
        {
            ref readonly var node = ref nodes[Edge.Node(edge)];
            var (isTrue, isFalse) = atLevel[node.Level];
            var (low, high) = (values[node.Low ^ (edge & 1)], values[node.High ^ (edge & 1)]);
            var atLeast = (isTrue.Least * high) + (isFalse.Most * low);
            var atMost = (isTrue.Most * high) + (isFalse.Least * low);
            values[edge] = isLeast ? Math.Min(atLeast, atMost) : Math.Max(atLeast, atMost);
        }

        return (values[root], values[Edge.Not(root)]);
    }
}
