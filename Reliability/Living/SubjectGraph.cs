using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Living;

/// <summary>Collects one subject's graph together with what its events stand for.</summary>
internal sealed class SubjectGraph(string name, PlatformAssumptions assumptions)
{
    private readonly FaultGraphBuilder _builder = new(name);
    private readonly Dictionary<string, LivingEvent> _events = new(StringComparer.Ordinal);

    public string Event(
        string id, ComponentClass? name, FailurePart part = FailurePart.All, string? option = null)
    {
        var item = new LivingEvent(id, name, part, option);
        if (_events.TryAdd(id, item))
        {
            _builder.AddEvent(id, option is null ? item.Unavailability(assumptions) : 1);
        }

        return id;
    }

    /// <summary>A gate; none for a single argument, which stands for itself.</summary>
    public string Gate(string id, GateKind kind, IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 1)
        {
            return arguments[0];
        }

        _builder.AddGate(id, kind, arguments);
        return id;
    }

    public (FaultGraph Graph, LivingEvent[] Events) Build(string top, IReadOnlyList<string> causes)
    {
        // With nothing at all to run on, it is down for sure.
        if (causes.Count == 0)
        {
            _builder.AddHouse("nothing runs it", true);
            causes = ["nothing runs it"];
        }

        var graph = _builder.AddGate(top, GateKind.Or, causes).SetTop(top).Build();
        return (graph, [.. graph.Events.Select(item => _events[item.Id])]);
    }
}
