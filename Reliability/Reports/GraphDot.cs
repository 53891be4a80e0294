using System.Globalization;
using System.Text;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Reports;

/// <summary>A fault graph in Graphviz' language, for who lays out diagrams with that.</summary>
public static class GraphDot
{
    /// <summary>The graph as text for <c>dot</c>.</summary>
    /// <param name="graph">The graph; gates that the top does not reach are drawn too.</param>
    public static string Write(FaultGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"digraph {Quoted(graph.Name)} {{\n  rankdir=TB;\n");
        foreach (var gate in graph.Gates)
        {
            var label = Quoted($"{gate.Id}\n{GateText.Of(gate)}");
            text.Append(CultureInfo.InvariantCulture, $"  {Quoted(gate.Id)} [shape=box, label={label}];\n");
        }

        foreach (var item in graph.Events)
        {
            var label = Quoted(string.Create(CultureInfo.InvariantCulture, $"{item.Id}\n{item.Probability:G4}"));
            text.Append(CultureInfo.InvariantCulture, $"  {Quoted(item.Id)} [shape=ellipse, label={label}];\n");
        }

        foreach (var item in graph.HouseEvents)
        {
            var label = Quoted($"{item.Id}\n{(item.State ? "true" : "false")}");
            text.Append(CultureInfo.InvariantCulture, $"  {Quoted(item.Id)} [shape=house, label={label}];\n");
        }

        foreach (var gate in graph.Gates)
        {
            foreach (var argument in gate.Arguments)
            {
                text.Append(
                    CultureInfo.InvariantCulture, $"  {Quoted(gate.Id)} -> {Quoted(graph.IdOf(argument))};\n");
            }
        }

        return text.Append("}\n").ToString();
    }

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal)}\"";
}
