using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.CommonCause;

/// <summary>A copy of a graph in which some nodes become something else under the same id.</summary>
internal sealed class GraphCopy(FaultGraph graph)
{
    private readonly FaultGraphBuilder _builder = new(graph.Name);
    private readonly HashSet<string> _replaced = new(StringComparer.Ordinal);

    public void AddEvent(string id, double probability) => _builder.AddEvent(id, probability);

    public void AddGate(string id, GateKind kind, IEnumerable<string> arguments) =>
        _builder.AddGate(id, kind, arguments);

    /// <summary>Makes a basic event a gate.</summary>
    public void ReplaceEvent(string id, GateKind kind, IEnumerable<string> arguments)
    {
        _replaced.Add(id);
        _builder.AddGate(id, kind, arguments, graph.Events[graph.IndexOfEvent(id)].Label);
    }

    /// <summary>Makes a gate another gate, for which the old one lives on under a new id.</summary>
    public void WrapGate(Gate gate, string innerId, IEnumerable<string> arguments)
    {
        _replaced.Add(gate.Id);
        AddCopy(gate, innerId, null);
        _builder.AddGate(gate.Id, GateKind.Or, arguments, gate.Label);
    }

    /// <summary>Makes a gate a conjunction of other nodes.</summary>
    public void ReplaceGate(Gate gate, IEnumerable<string> arguments)
    {
        _replaced.Add(gate.Id);
        _builder.AddGate(gate.Id, GateKind.And, arguments, gate.Label);
    }

    public FaultGraph Build()
    {
        foreach (var item in graph.Events.Where(item => !_replaced.Contains(item.Id)))
        {
            _builder.AddEvent(item.Id, item.Probability, item.Label);
        }

        foreach (var item in graph.HouseEvents)
        {
            _builder.AddHouse(item.Id, item.State, item.Label);
        }

        foreach (var gate in graph.Gates.Where(gate => !_replaced.Contains(gate.Id)))
        {
            AddCopy(gate, gate.Id, gate.Label);
        }

        return _builder.SetTop(graph.IdOf(graph.Top)).Build();
    }

    private void AddCopy(Gate gate, string id, string? label)
    {
        var arguments = gate.Arguments.Select(graph.IdOf);
        if (gate.Kind == GateKind.AtLeast)
        {
            _builder.AddAtLeast(id, gate.Threshold, arguments, label);
        }
        else
        {
            _builder.AddGate(id, gate.Kind, arguments, label);
        }
    }
}
