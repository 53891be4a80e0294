using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Continuity.Reliability.Graphs;

/// <summary>
/// A checked, immutable model: events and gates without cycles, and the one node whose failure is asked about.
/// </summary>
/// <remarks>
/// Made by <see cref="FaultGraphBuilder"/> or a front end on top of it. Basic events are independent of each other.
/// Safe for use by many threads.
/// </remarks>
public sealed class FaultGraph
{
    private readonly FrozenDictionary<string, GraphNode> _nodes;

    internal FaultGraph(
        string name,
        ImmutableArray<BasicEvent> events,
        ImmutableArray<HouseEvent> houseEvents,
        ImmutableArray<Gate> gates,
        GraphNode top)
        : this(name, events, houseEvents, gates, top, IndexNodes(events, houseEvents, gates))
    {
    }

    private FaultGraph(
        string name,
        ImmutableArray<BasicEvent> events,
        ImmutableArray<HouseEvent> houseEvents,
        ImmutableArray<Gate> gates,
        GraphNode top,
        FrozenDictionary<string, GraphNode> nodes)
    {
        (Name, Events, HouseEvents, Gates, Top) = (name, events, houseEvents, gates, top);
        _nodes = nodes;
    }

    /// <summary>What the model is called.</summary>
    public string Name { get; }

    /// <summary>The basic events, in the order in which they were added.</summary>
    public ImmutableArray<BasicEvent> Events { get; }

    /// <summary>The house events, in the order in which they were added.</summary>
    public ImmutableArray<HouseEvent> HouseEvents { get; }

    /// <summary>The gates, each after every gate that it refers to.</summary>
    public ImmutableArray<Gate> Gates { get; }

    /// <summary>The node whose probability is asked for.</summary>
    public GraphNode Top { get; }

    /// <summary>The probability of each basic event, in the order of <see cref="Events"/>.</summary>
    public double[] Probabilities() => [.. Events.Select(e => e.Probability)];

    /// <summary>The node with this id, if there is one.</summary>
    /// <param name="id">The id of an event or a gate.</param>
    /// <param name="node">Where it is.</param>
    public bool TryFind(string id, out GraphNode node) => _nodes.TryGetValue(id, out node);

    /// <summary>The place of a basic event in <see cref="Events"/>.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="ArgumentException">No basic event has that id.</exception>
    public int IndexOfEvent(string id) =>
        _nodes.TryGetValue(id, out var node) && node.Kind == NodeKind.Event
            ? node.Index
            : throw new ArgumentException($"'{id}' is no basic event of the model '{Name}'.", nameof(id));

    /// <summary>The id of a node.</summary>
    /// <param name="node">A node of this graph.</param>
    public string IdOf(GraphNode node) => node.Kind switch
    {
        NodeKind.Event => Events[node.Index].Id,
        NodeKind.House => HouseEvents[node.Index].Id,
        _ => Gates[node.Index].Id,
    };

    /// <summary>The same model, asked about another node.</summary>
    /// <param name="id">The id of an event or a gate.</param>
    /// <exception cref="ArgumentException">No node has that id.</exception>
    public FaultGraph WithTop(string id) => _nodes.TryGetValue(id, out var node)
        ? new FaultGraph(Name, Events, HouseEvents, Gates, node, _nodes)
        : throw new ArgumentException($"'{id}' is no event or gate of the model '{Name}'.", nameof(id));

    private static FrozenDictionary<string, GraphNode> IndexNodes(
        ImmutableArray<BasicEvent> events, ImmutableArray<HouseEvent> houseEvents, ImmutableArray<Gate> gates)
    {
        var nodes = new Dictionary<string, GraphNode>(
            events.Length + houseEvents.Length + gates.Length, StringComparer.Ordinal);
        for (var i = 0; i < events.Length; i++)
        {
            nodes.Add(events[i].Id, new GraphNode(NodeKind.Event, i));
        }

        for (var i = 0; i < houseEvents.Length; i++)
        {
            nodes.Add(houseEvents[i].Id, new GraphNode(NodeKind.House, i));
        }

        for (var i = 0; i < gates.Length; i++)
        {
            nodes.Add(gates[i].Id, new GraphNode(NodeKind.Gate, i));
        }

        return nodes.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
