using System.Globalization;
using System.Net;
using System.Text;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Reports;

/// <summary>A fault graph as a picture: the top above, each node below everything that uses it.</summary>
/// <remarks>Scalable vector graphics without scripts or outside references: safe to show in a page.</remarks>
public static class GraphSvg
{
    /// <summary>The largest graph that is drawn node by node.</summary>
    public const int MaximumNodes = 400;

    private const int Width = 170;
    private const int Height = 46;
    private const int GapX = 16;
    private const int GapY = 54;
    private const int Letters = 26;

    /// <summary>The picture.</summary>
    /// <param name="graph">The graph; what the top does not reach is left out.</param>
    /// <returns>One element; for a graph too large to be read, a sentence that says so.</returns>
    public static string Write(FaultGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var levels = Levels(graph);
        if (levels.Sum(level => level.Count) > MaximumNodes)
        {
            return Sentence($"{graph.Name}: {graph.Gates.Length + graph.Events.Length} nodes are too many to draw; "
                + "use the dot file.");
        }

        var places = new Dictionary<GraphNode, (int X, int Y)>();
        var widest = levels.Max(level => level.Count);
        for (var y = 0; y < levels.Count; y++)
        {
            var shift = (widest - levels[y].Count) * (Width + GapX) / 2;
            for (var x = 0; x < levels[y].Count; x++)
            {
                places.Add(levels[y][x], (GapX + shift + (x * (Width + GapX)), GapX + (y * (Height + GapY))));
            }
        }

        var text = Start(GapX + (widest * (Width + GapX)), (2 * GapX) + (levels.Count * (Height + GapY)) - GapY);
        foreach (var (node, (x, y)) in places.Where(pair => pair.Key.Kind == NodeKind.Gate))
        {
            foreach (var (toX, toY) in graph.Gates[node.Index].Arguments.Select(argument => places[argument]))
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"<line x1=\"{x + (Width / 2)}\" y1=\"{y + Height}\" x2=\"{toX + (Width / 2)}\" y2=\"{toY}\"/>");
            }
        }

        foreach (var (node, place) in places)
        {
            Draw(text, graph, node, place);
        }

        return text.Append("</svg>").ToString();
    }

    // A node stands one level below the lowest that uses it, so that every line leads down.
    private static List<List<GraphNode>> Levels(FaultGraph graph)
    {
        var depths = new Dictionary<GraphNode, int> { [graph.Top] = 0 };
        for (var i = graph.Gates.Length - 1; i >= 0; i--)
        {
            if (depths.TryGetValue(new GraphNode(NodeKind.Gate, i), out var depth))
            {
                foreach (var argument in graph.Gates[i].Arguments)
                {
                    depths[argument] = Math.Max(depths.GetValueOrDefault(argument), depth + 1);
                }
            }
        }

        return [.. depths.GroupBy(pair => pair.Value).OrderBy(group => group.Key)
            .Select(group => group.Select(pair => pair.Key).ToList())];
    }

    private static void Draw(StringBuilder text, FaultGraph graph, GraphNode node, (int X, int Y) place)
    {
        var (x, y) = place;
        var round = node.Kind == NodeKind.Gate ? 3 : Height / 2;
        var below = node.Kind switch
        {
            NodeKind.Gate => GateText.Of(graph.Gates[node.Index]),
            NodeKind.Event => graph.Events[node.Index].Probability.ToString("G4", CultureInfo.InvariantCulture),
            _ => graph.HouseEvents[node.Index].State ? "true" : "false",
        };
        var id = graph.IdOf(node);
        var shown = id.Length > Letters ? string.Concat(id.AsSpan(0, Letters - 1), "…") : id;
        text.Append(CultureInfo.InvariantCulture, $"<g><title>{Escaped(id)}</title>")
            .Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{x}\" y=\"{y}\" width=\"{Width}\" height=\"{Height}\" rx=\"{round}\"/>")
            .Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{x + (Width / 2)}\" y=\"{y + 19}\">{Escaped(shown)}</text>")
            .Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{x + (Width / 2)}\" y=\"{y + 36}\">{Escaped(below)}</text></g>");
    }

    private static string Sentence(string text) =>
        Start(900, 40).Append(CultureInfo.InvariantCulture, $"<text x=\"450\" y=\"25\">{Escaped(text)}</text></svg>")
            .ToString();

    private static StringBuilder Start(int width, int height) => new StringBuilder()
        .Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" ")
        .Append(CultureInfo.InvariantCulture, $"height=\"{height}\" role=\"img\"><style>")
        .Append("rect{fill:#fff;stroke:#345}line{stroke:#789}text{font:12px sans-serif;text-anchor:middle;fill:#123}")
        .Append("</style>");

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
