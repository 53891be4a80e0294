using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.CutSets;

/// <summary>Whether a model is coherent as written: nothing that its top depends on is negated.</summary>
internal static class Coherence
{
    public static bool IsCoherent(FaultGraph graph)
    {
        var reached = new bool[graph.Gates.Length];
        if (graph.Top.Kind == NodeKind.Gate)
        {
            reached[graph.Top.Index] = true;
        }

        for (var i = reached.Length - 1; i >= 0; i--)
        {
            var gate = graph.Gates[i];
            if (!reached[i])
            {
                continue;
            }

            if (gate.Kind is GateKind.Not or GateKind.Xor or GateKind.Nand or GateKind.Nor)
            {
                return false;
            }

            foreach (var argument in gate.Arguments.Where(argument => argument.Kind == NodeKind.Gate))
            {
                reached[argument.Index] = true;
            }
        }

        return true;
    }
}
