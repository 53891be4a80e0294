using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Living;

/// <summary>When the failure domains of one site are out, and the replicas in them.</summary>
/// <remarks>
/// A domain is one event for all that depend on it, so that its failure is common to them. It is out when it has failed
/// itself or too few of the domains that it needs are left.
/// </remarks>
internal sealed class DomainGraph
{
    private readonly SubjectGraph _graph;
    private readonly TopologySite _site;
    private readonly bool _withOptions;
    private readonly Dictionary<string, Outage> _outages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _shared;

    /// <param name="graph">Where it goes.</param>
    /// <param name="site">The site.</param>
    /// <param name="replicas">The replicas of one service at the site.</param>
    /// <param name="withOptions">Whether what might be bought is in it too.</param>
    public DomainGraph(
        SubjectGraph graph, TopologySite site, IReadOnlyList<TopologyReplica> replicas, bool withOptions)
    {
        (_graph, _site, _withOptions) = (graph, site, withOptions);
        _shared = replicas.SelectMany(replica => replica.Domains)
            .GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1)
            .Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        AddUsed(replicas.SelectMany(replica => replica.Domains));
    }

    /// <summary>The option of a second domain beside one, either of which suffices.</summary>
    public static string Second(string domain) => $"second {domain}";

    /// <summary>The option of half of the replicas in a domain moved to another one.</summary>
    public static string Spread(string domain) => $"spread {domain}";

    /// <summary>When a replica cannot serve: by its own failure, or that of a domain it is in.</summary>
    public string Out(string own, string id, IReadOnlyList<string> domains)
    {
        var causes = new List<string> { own };
        foreach (var name in domains)
        {
            // Every second one of those that share a domain might move.
            var turn = _seen[name] = _seen.GetValueOrDefault(name) + 1;
            causes.Add(_withOptions && _shared.Contains(name) && turn % 2 == 0
                ? Movable(_outages[name])
                : _outages[name].Whole);
        }

        return _graph.Gate($"{id} is out", GateKind.Or, causes);
    }

    private void AddUsed(IEnumerable<string> names)
    {
        var used = names.ToHashSet(StringComparer.Ordinal);
        var order = used.Count == 0 ? [] : TopologyCheck.InOrder(_site);
        foreach (var domain in Enumerable.Reverse(order).Where(domain => used.Contains(domain.Id)))
        {
            used.UnionWith(domain.DependsOn);
        }

        foreach (var domain in order.Where(domain => used.Contains(domain.Id)))
        {
            _outages.Add(domain.Id, Add(domain));
        }
    }

    private Outage Add(TopologyDomain domain)
    {
        var id = $"{domain.Kind} {domain.Id} at {_site.Id}";
        var own = _graph.Event(Infrastructure(id, domain));
        var needed = domain.DependsOn.Select(name => _outages[name].Whole).ToList();
        if (needed.Count == 0)
        {
            var alone = !_withOptions
                ? own
                : _graph.Gate($"{id} and a second one", GateKind.And, [own, _graph.Event(Infrastructure(
                    $"a second {id}", domain) with { Option = Second($"{_site.Id}/{domain.Id}") })]);
            return new Outage(domain, alone, null, alone);
        }

        var supply = _graph.AtLeast(
            $"too little supply of {id}", needed.Count - (domain.Needs ?? needed.Count) + 1, needed);
        return new Outage(domain, own, supply, _graph.Gate($"{id} is out", GateKind.Or, [own, supply]));
    }

    // As it is, "stays" has happened and the new domain is never out; moved, it is the other way round.
    private string Movable(Outage outage)
    {
        var id = $"{outage.Domain.Kind} {outage.Domain.Id} at {_site.Id}";
        var option = Spread($"{_site.Id}/{outage.Domain.Id}");
        var stays = _graph.Event(new LivingEvent($"half stay in {id}", null) { Option = option, IsSwitch = true });
        var other = _graph.Event(
            Infrastructure($"another {id}", outage.Domain) with { Option = option, WithoutOption = 0 });
        var old = _graph.Gate($"stays in {id}, which is out", GateKind.And, [outage.Own, stays]);
        return _graph.Gate(
            $"{id} or its successor is out",
            GateKind.Or,
            outage.Supply is { } supply ? [old, other, supply] : [old, other]);
    }

    private LivingEvent Infrastructure(string id, TopologyDomain domain)
    {
        var (failures, repair) = _graph.FactorsOf(domain);
        return new LivingEvent(id, ComponentClass.Infrastructure) { RateFactor = failures, RepairFactor = repair };
    }

    private sealed record Outage(TopologyDomain Domain, string Own, string? Supply, string Whole);
}
