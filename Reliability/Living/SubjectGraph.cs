using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Living;

/// <summary>Collects one subject's graph together with what its events stand for.</summary>
internal sealed class SubjectGraph(string name, PlatformAssumptions assumptions)
{
    private readonly FaultGraphBuilder _builder = new(name);
    private readonly Dictionary<string, LivingEvent> _events = new(StringComparer.Ordinal);

    private readonly HashSet<string> _gates = new(StringComparer.Ordinal);

    public string Event(
        string id, ComponentClass? name, FailurePart part = FailurePart.All, string? option = null) =>
        Event(new LivingEvent(id, name, part, option));

    public string Event(LivingEvent item)
    {
        if (_events.TryAdd(item.Id, item))
        {
            _builder.AddEvent(item.Id, item.Option is null ? item.Unavailability(assumptions) : item.WithoutOption);
        }

        return item.Id;
    }

    /// <summary>How much more often a domain fails than its class, and how much longer its repair takes.</summary>
    public (double Failures, double Repair) FactorsOf(TopologyDomain domain) =>
        domain.Factors(assumptions.Infrastructure);

    /// <summary>A gate; none for a single argument, which stands for itself.</summary>
    public string Gate(string id, GateKind kind, IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 1)
        {
            return arguments[0];
        }

        if (_gates.Add(id))
        {
            _builder.AddGate(id, kind, arguments);
        }

        return id;
    }

    /// <summary>A gate that is true when at least so many of its arguments are.</summary>
    public string AtLeast(string id, int threshold, IReadOnlyList<string> arguments)
    {
        if (threshold == arguments.Count || threshold == 1)
        {
            return Gate(id, threshold == 1 ? GateKind.Or : GateKind.And, arguments);
        }

        if (_gates.Add(id))
        {
            _builder.AddAtLeast(id, threshold, arguments);
        }

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
