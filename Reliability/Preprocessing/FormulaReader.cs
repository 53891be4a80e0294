using System.Diagnostics;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Preprocessing;

/// <summary>Turns the part of a graph that its top depends on into a simplified <see cref="Formula"/>.</summary>
internal static class FormulaReader
{
    // Each pass can only shrink the formula; real models settle after two or three.
    private const int MaxPasses = 8;

    public static Formula Read(FaultGraph graph, CancellationToken cancellationToken)
    {
        var formula = Translate(graph, cancellationToken);
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = Coalescing.Apply(formula);
            if (next.Nodes.Length == formula.Nodes.Length)
            {
                return next;
            }

            formula = next;
        }

        return formula;
    }

    private static Formula Translate(FaultGraph graph, CancellationToken cancellationToken)
    {
        var builder = new FormulaBuilder(graph.Events.Length);
        var reached = Reached(graph);
        var literals = new int[graph.Gates.Length];
        for (var i = 0; i < literals.Length; i++)
        {
            if (!reached[i])
            {
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            var gate = graph.Gates[i];
            var arguments = new int[gate.Arguments.Length];
            for (var a = 0; a < arguments.Length; a++)
            {
                arguments[a] = Argument(graph, builder, literals, gate.Arguments[a]);
            }

            literals[i] = Combine(builder, gate, arguments);
        }

        return builder.Build(Argument(graph, builder, literals, graph.Top));
    }

    private static bool[] Reached(FaultGraph graph)
    {
        var reached = new bool[graph.Gates.Length];
        if (graph.Top.Kind == NodeKind.Gate)
        {
            reached[graph.Top.Index] = true;
        }

        for (var i = reached.Length - 1; i >= 0; i--)
        {
            if (reached[i])
            {
                foreach (var argument in graph.Gates[i].Arguments)
                {
                    if (argument.Kind == NodeKind.Gate)
                    {
                        reached[argument.Index] = true;
                    }
                }
            }
        }

        return reached;
    }

    private static int Argument(FaultGraph graph, FormulaBuilder builder, int[] literals, GraphNode node) =>
        node.Kind switch
        {
            NodeKind.Event => builder.Variable(node.Index),
            NodeKind.House => graph.HouseEvents[node.Index].State ? Literal.True : Literal.False,
            _ => literals[node.Index],
        };

    private static int Combine(FormulaBuilder builder, Gate gate, int[] arguments) => gate.Kind switch
    {
        GateKind.And => builder.And(arguments),
        GateKind.Nand => Literal.Not(builder.And(arguments)),
        GateKind.Or => builder.Or(arguments),
        GateKind.Nor => Literal.Not(builder.Or(arguments)),
        GateKind.Not => Literal.Not(arguments[0]),
        GateKind.Xor => builder.Xor(arguments),
        GateKind.AtLeast => builder.AtLeast(gate.Threshold, arguments),
        _ => throw new UnreachableException($"Gate {gate.Id} is of no known kind: {gate.Kind}."),
    };
}
