using Continuity.Reliability.Decisions;

namespace Continuity.Reliability.CutSets;

/// <summary>Turns a decision diagram into the family of its minimal cut sets.</summary>
internal static class MinimalSolutions
{
    /// <summary>
    /// The minimal solutions of a diagram (Rauzy 1993): the minimal sets of true variables that make it true.
    /// </summary>
    /// <remarks>
    /// Sol(f) = Sol(low) and x Sol(high), less what of the latter includes a set of the former. It holds for every
    /// function, coherent or not: a set is compared by what is true in it alone.
    /// </remarks>
    public static (DecisionNode[] Nodes, int Root) Of(
        ReadOnlySpan<DecisionNode> nodes, int root, int maxNodes, CancellationToken cancellationToken)
    {
        using var families = new ZeroSuppressedDiagram(maxNodes, cancellationToken);
        var needed = new bool[2 * nodes.Length];
        needed[root] = true;
        for (var edge = root; edge > Edge.True; edge--)
        {
            if (needed[edge])
            {
                ref readonly var node = ref nodes[Edge.Node(edge)];
                needed[node.Low ^ (edge & 1)] = needed[node.High ^ (edge & 1)] = true;
            }
        }

        var solutions = new int[2 * nodes.Length];
        solutions[Edge.True] = ZeroSuppressedDiagram.Unit;
        for (var edge = 2; edge <= root; edge++)
        {
            if (needed[edge])
            {
                ref readonly var node = ref nodes[Edge.Node(edge)];
                var low = solutions[node.Low ^ (edge & 1)];
                var high = families.Without(solutions[node.High ^ (edge & 1)], low);
                solutions[edge] = families.MakeNode(node.Level, low, high);
            }
        }

        return (families.Nodes.ToArray(), solutions[root]);
    }
}
