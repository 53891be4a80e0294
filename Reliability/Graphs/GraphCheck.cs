using System.Globalization;

namespace Continuity.Reliability.Graphs;

/// <summary>Turns drafts into a graph, or into the list of everything that is wrong with them.</summary>
internal sealed class GraphCheck(
    string name, List<EventDraft> events, List<HouseDraft> houses, List<GateDraft> gates)
{
    private const int ShownCycleMembers = 10;

    private readonly Dictionary<string, GraphNode> _nodes = new(StringComparer.Ordinal);
    private readonly List<ModelError> _errors = [];
    private readonly GraphNode[][] _arguments = new GraphNode[gates.Count][];

    /// <summary>In the order of the source's lines, as far as they are known.</summary>
    public IReadOnlyList<ModelError> Errors => [.. _errors.OrderBy(error => error.Line ?? 0)];

    public FaultGraph? Run(string? top, int? topLine)
    {
        Register();
        CheckProbabilities();
        for (var i = 0; i < gates.Count; i++)
        {
            CheckArity(gates[i]);
            _arguments[i] = Resolve(gates[i]);
        }

        // Broken references leave holes; the order and the cycles of what is there are still worth reporting.
        var order = new GateOrder(_arguments);
        ReportCycles(order);
        var root = FindTop(top, topLine);
        return _errors.Count == 0 ? Assemble(order.Order, root) : null;
    }

    private void Register()
    {
        for (var i = 0; i < events.Count; i++)
        {
            Register(events[i].Id, new GraphNode(NodeKind.Event, i), events[i].Line);
        }

        for (var i = 0; i < houses.Count; i++)
        {
            Register(houses[i].Id, new GraphNode(NodeKind.House, i), houses[i].Line);
        }

        for (var i = 0; i < gates.Count; i++)
        {
            Register(gates[i].Id, new GraphNode(NodeKind.Gate, i), gates[i].Line);
        }
    }

    private void Register(string id, GraphNode node, int? line)
    {
        if (string.IsNullOrWhiteSpace(id))
        {
            Report("(no id)", $"a {Word(node)} has an empty id; give it a name.", line);
        }
        else if (!_nodes.TryAdd(id, node))
        {
            var first = _nodes[id];
            var place = LineOf(first) is { } number
                ? string.Create(CultureInfo.InvariantCulture, $" on line {number}")
                : "";
            Report(id, $"defined twice, first as a {Word(first)}{place}; ids are unique among all nodes.", line);
        }
    }

    private void CheckProbabilities()
    {
        foreach (var item in events)
        {
            if (!(item.Probability >= 0 && item.Probability <= 1))
            {
                var found = item.Probability.ToString("R", CultureInfo.InvariantCulture);
                Report(item.Id, $"its probability is {found}; expected a number from 0 to 1.", item.Line);
            }
        }
    }

    private void CheckArity(GateDraft gate)
    {
        var count = gate.Arguments.Length;
        if (count == 0)
        {
            Report(gate.Id, "the gate has no arguments; give it some, or use a house event.", gate.Line);
        }
        else if (gate.Kind == GateKind.Not && count != 1)
        {
            Report(gate.Id, $"'not' takes one argument, found {Number(count)}.", gate.Line);
        }
        else if (gate.Kind == GateKind.Xor && count < 2)
        {
            Report(gate.Id, "'xor' takes two or more arguments, found 1.", gate.Line);
        }
        else if (gate.Kind == GateKind.AtLeast && (gate.Threshold < 1 || gate.Threshold > count))
        {
            Report(
                gate.Id,
                $"at least {Number(gate.Threshold)} of {Number(count)} arguments makes no sense; "
                    + $"expected 1 to {Number(count)}.",
                gate.Line);
        }
    }

    private GraphNode[] Resolve(GateDraft gate)
    {
        var arguments = new List<GraphNode>(gate.Arguments.Length);
        foreach (var id in gate.Arguments)
        {
            if (id is not null && _nodes.TryGetValue(id, out var node))
            {
                arguments.Add(node);
            }
            else
            {
                Report(gate.Id, $"refers to '{id}', which is defined nowhere.", gate.Line);
            }
        }

        return [.. arguments];
    }

    private void ReportCycles(GateOrder order)
    {
        foreach (var cycle in order.Cycles)
        {
            var shown = cycle.Take(ShownCycleMembers).Select(index => gates[index].Id).ToList();
            if (cycle.Length > ShownCycleMembers)
            {
                shown.Add($"({Number(cycle.Length - ShownCycleMembers)} more)");
            }

            shown.Add(gates[cycle[0]].Id);
            Report(gates[cycle[0]].Id, $"depends on itself: {string.Join(" -> ", shown)}.", gates[cycle[0]].Line);
        }
    }

    private GraphNode FindTop(string? top, int? topLine)
    {
        if (top is not null)
        {
            if (_nodes.TryGetValue(top, out var node))
            {
                return node;
            }

            Report(top, "named as the top, but defined nowhere.", topLine);
            return default;
        }

        var used = new bool[gates.Count];
        foreach (var node in _arguments.SelectMany(list => list).Where(node => node.Kind == NodeKind.Gate))
        {
            used[node.Index] = true;
        }

        var roots = Enumerable.Range(0, gates.Count).Where(index => !used[index]).Take(6).ToList();
        if (roots.Count == 1)
        {
            return new GraphNode(NodeKind.Gate, roots[0]);
        }

        if (roots.Count > 1)
        {
            var found = string.Join(", ", roots.Take(5).Select(index => gates[index].Id));
            var more = roots.Count > 5 ? ", ..." : "";
            Report(name, $"several gates are used by no other ({found}{more}); name the top.", null);
        }
        else if (gates.Count == 0 && events.Count == 1)
        {
            return new GraphNode(NodeKind.Event, 0);
        }
        else if (gates.Count == 0)
        {
            Report(name, "the model has no gate; there is nothing to ask about.", null);
        }

        // With gates but no root, every gate is on or below a cycle, which has been reported.
        return default;
    }

    private FaultGraph Assemble(int[] order, GraphNode root)
    {
        var place = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            place[order[i]] = i;
        }

        GraphNode Move(GraphNode node) =>
            node.Kind == NodeKind.Gate ? node with { Index = place[node.Index] } : node;

        var ordered = order.Select(index => new Gate(
            gates[index].Id, gates[index].Kind, gates[index].Threshold,
            [.. _arguments[index].Select(Move)], gates[index].Label));
        return new FaultGraph(
            name,
            [.. events.Select(item => new BasicEvent(item.Id, item.Probability, item.Label))],
            [.. houses.Select(item => new HouseEvent(item.Id, item.State, item.Label))],
            [.. ordered],
            Move(root));
    }

    private void Report(string element, string message, int? line) =>
        _errors.Add(new ModelError(element, message, line));

    private int? LineOf(GraphNode node) => node.Kind switch
    {
        NodeKind.Event => events[node.Index].Line,
        NodeKind.House => houses[node.Index].Line,
        _ => gates[node.Index].Line,
    };

    private static string Word(GraphNode node) => node.Kind switch
    {
        NodeKind.Event => "basic event",
        NodeKind.House => "house event",
        _ => "gate",
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
