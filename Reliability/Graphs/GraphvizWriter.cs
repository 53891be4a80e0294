using System.Globalization;

namespace Continuity.Reliability.Graphs;

/// <summary>Draws a model in the language of Graphviz: the top above, events below.</summary>
public static class GraphvizWriter
{
    /// <summary>Writes what the top depends on.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="target">Receives the text; left open.</param>
    public static void Write(FaultGraph graph, TextWriter target)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(target);
        var excerpt = new ModelExcerpt(graph);
        var leaves = new HashSet<GraphNode>();
        target.WriteLine($"digraph {Quote(graph.Name)} {{");
        target.WriteLine("  node [fontname=\"sans-serif\", fontsize=10];");
        foreach (var index in excerpt.Gates.Reverse())
        {
            var gate = graph.Gates[index];
            var id = excerpt.NameOf(new GraphNode(NodeKind.Gate, index));
            target.WriteLine($"  {Quote(id)} [shape=box, label={Quote($"{gate.Label ?? id}\n{Describe(gate)}")}];");
            foreach (var argument in gate.Arguments)
            {
                target.WriteLine($"  {Quote(id)} -> {Quote(excerpt.NameOf(argument))};");
                if (argument.Kind != NodeKind.Gate)
                {
                    leaves.Add(argument);
                }
            }
        }

        if (graph.Top.Kind != NodeKind.Gate)
        {
            leaves.Add(graph.Top);
        }

        foreach (var leaf in leaves)
        {
            target.WriteLine($"  {Quote(graph.IdOf(leaf))} [{Describe(graph, leaf)}];");
        }

        target.WriteLine("}");
    }

    private static string Describe(Gate gate) => gate.Kind == GateKind.AtLeast
        ? string.Create(CultureInfo.InvariantCulture, $"at least {gate.Threshold} of {gate.Arguments.Length}")
        : gate.Kind.ToString().ToLowerInvariant();

    private static string Describe(FaultGraph graph, GraphNode leaf)
    {
        if (leaf.Kind == NodeKind.House)
        {
            var house = graph.HouseEvents[leaf.Index];
            return $"shape=house, label={Quote($"{house.Label ?? house.Id}\n{(house.State ? "true" : "false")}")}";
        }

        var item = graph.Events[leaf.Index];
        var label = FormattableString.Invariant($"{item.Label ?? item.Id}\n{item.Probability:G6}");
        return $"shape=ellipse, label={Quote(label)}";
    }

    private static string Quote(string text) =>
        "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n") + "\"";
}
