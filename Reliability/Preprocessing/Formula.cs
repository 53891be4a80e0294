namespace Continuity.Reliability.Preprocessing;

/// <summary>A graph in few kinds of nodes, every node after its arguments and no two nodes the same.</summary>
/// <param name="Nodes">Node 0 is the constant false.</param>
/// <param name="Root">The literal that is asked about.</param>
/// <param name="EventCount">How many events the graph it came from has.</param>
internal sealed record Formula(FormulaNode[] Nodes, int Root, int EventCount)
{
    /// <summary>For each node, whether the root depends on it.</summary>
    public bool[] Reached()
    {
        var reached = new bool[Nodes.Length];
        reached[Literal.Node(Root)] = true;
        for (var i = Nodes.Length - 1; i > 0; i--)
        {
            if (reached[i])
            {
                foreach (var argument in Nodes[i].Arguments)
                {
                    reached[Literal.Node(argument)] = true;
                }
            }
        }

        return reached;
    }

    /// <summary>For each node, how many arguments of reached nodes it is.</summary>
    public int[] UseCounts()
    {
        var reached = Reached();
        var uses = new int[Nodes.Length];
        uses[Literal.Node(Root)]++;
        for (var i = 1; i < Nodes.Length; i++)
        {
            if (reached[i])
            {
                foreach (var argument in Nodes[i].Arguments)
                {
                    uses[Literal.Node(argument)]++;
                }
            }
        }

        return uses;
    }
}
