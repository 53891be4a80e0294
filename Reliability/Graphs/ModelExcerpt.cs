using System.Globalization;

namespace Continuity.Reliability.Graphs;

/// <summary>What a format without a word for the top must hold, so that the top is the one gate nothing uses.</summary>
/// <remarks>Gates that stood within formulas have no name that a format allows; they get one here.</remarks>
internal sealed class ModelExcerpt
{
    private readonly FaultGraph _graph;
    private readonly Dictionary<int, string> _names = [];

    public ModelExcerpt(FaultGraph graph)
    {
        _graph = graph;
        var reached = new bool[graph.Gates.Length];
        if (graph.Top.Kind == NodeKind.Gate)
        {
            reached[graph.Top.Index] = true;
        }

        for (var i = reached.Length - 1; i >= 0; i--)
        {
            foreach (var argument in reached[i] ? graph.Gates[i].Arguments : [])
            {
                if (argument.Kind == NodeKind.Gate)
                {
                    reached[argument.Index] = true;
                }
            }
        }

        Gates = [.. Enumerable.Range(0, reached.Length).Where(i => reached[i])];
        var number = 0;
        foreach (var gate in Gates.Where(gate => graph.Gates[gate].Id.StartsWith(':')))
        {
            _names.Add(gate, Unused("formula", ref number));
        }

        if (graph.Top.Kind != NodeKind.Gate)
        {
            TopAlias = Unused("top", ref number);
        }
    }

    /// <summary>The gates that the top depends on, each after those it refers to.</summary>
    public IReadOnlyList<int> Gates { get; }

    /// <summary>A name for a gate that stands for a top which is no gate.</summary>
    public string? TopAlias { get; }

    public string NameOf(GraphNode node) =>
        node.Kind == NodeKind.Gate && _names.TryGetValue(node.Index, out var name) ? name : _graph.IdOf(node);

    private string Unused(string stem, ref int number)
    {
        string name;
        do
        {
            name = stem + (++number).ToString(CultureInfo.InvariantCulture);
        }
        while (_graph.TryFind(name, out _));

        return name;
    }
}
