using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Living;

/// <summary>When a service does not answer, and when an artefact set cannot be read.</summary>
/// <remarks>
/// <para>A service is down when every site's way is: the site, or all of its replicas, or, for a site that is not of
/// the best priority, the failover to it; or when a fault common to all replicas hits; or when no gateway can be
/// reached.
/// </para>
/// <para>With options, things that might be bought are in the graph too, as failed as what is not there: a change of
/// their probabilities then stands for buying them, and nothing is built again.</para>
/// </remarks>
internal static class ServiceGraph
{
    /// <summary>The option of one more site.</summary>
    public const string NewSite = "new site";

    private const int MostNewReplicas = 64;

    public static (FaultGraph Graph, LivingEvent[] Events) Of(
        TopologyService service, PlatformTopology topology, PlatformAssumptions assumptions, bool withOptions)
    {
        var graph = new SubjectGraph(service.Name, assumptions);
        var sites = topology.Sites.Where(site => site.TakesTraffic).ToList();
        var used = sites
            .Select(site => (Site: site, Replicas: service.Replicas.Where(item => item.Site == site.Id).ToList()))
            .Where(pair => pair.Replicas.Count > 0)
            .ToList();
        if (used.Count == 0)
        {
            return graph.Build($"{service.Name} is down", []);
        }

        var best = used.Min(pair => pair.Site.Priority);
        var ways = new List<string>();
        foreach (var (site, replicas) in used)
        {
            var domains = new DomainGraph(graph, site, replicas, withOptions);
            var events = replicas
                .Select(item => Out(graph, domains, $"replica {item.Id}", item.Domains, null)).ToList();
            if (withOptions)
            {
                // It goes where the last one went: nobody has said otherwise.
                events.Add(Out(
                    graph, domains, $"a new replica at {site.Id}", replicas[^1].Domains, ReplicaAt(site.Id)));
            }

            var causes = new List<string>
            {
                graph.Event($"site {site.Id}", ComponentClass.Site),
                graph.Gate($"no replica at {site.Id}", GateKind.And, events),
            };
            if (site.Priority > best)
            {
                causes.Add(graph.Event($"failover to {site.Id}", null));
            }

            ways.Add(graph.Gate($"no way through {site.Id}", GateKind.Or, causes));
        }

        if (withOptions)
        {
            ways.Add(NewWay(graph, Math.Min(MostNewReplicas, used.Max(pair => pair.Replicas.Count))));
        }

        return graph.Build(
            $"{service.Name} is down",
            [
                graph.Gate("no site serves", GateKind.And, ways),
                graph.Event("a fault common to all replicas", ComponentClass.Replica, FailurePart.Common),
                Entry(graph, sites, withOptions),
            ]);
    }

    public static (FaultGraph Graph, LivingEvent[] Events) Of(
        TopologyArtefactSet set, PlatformAssumptions assumptions, bool withOptions)
    {
        var graph = new SubjectGraph(set.Name, assumptions);
        var copies = set.Sites.Distinct(StringComparer.Ordinal).Select(site => Copy(site, null)).ToList();
        if (copies.Count > 0 && withOptions)
        {
            copies.Add(Copy("a new site", NewSite));
        }

        return graph.Build(
            $"{set.Name} cannot be read",
            copies.Count == 0 ? [] : [graph.Gate("no copy can be read", GateKind.And, copies)]);

        string Copy(string site, string? option) => graph.Gate(
            $"no copy at {site}",
            GateKind.Or,
            [
                graph.Event($"site {site}", ComponentClass.Site, option: option),
                graph.Event($"storage at {site}", ComponentClass.Storage, option: option),
            ]);
    }

    /// <summary>The option of one more replica at a site.</summary>
    public static string ReplicaAt(string site) => $"replica at {site}";

    private static string Out(
        SubjectGraph graph, DomainGraph domains, string id, IReadOnlyList<string> names, string? option) =>
        domains.Out(graph.Event(id, ComponentClass.Replica, FailurePart.Own, option), id, names);

    private static string NewWay(SubjectGraph graph, int replicas)
    {
        var events = Enumerable.Range(1, replicas)
            .Select(i => graph.Event(
                $"replica {i} at a new site", ComponentClass.Replica, FailurePart.Own, NewSite))
            .ToList();
        return graph.Gate(
            "no way through a new site",
            GateKind.Or,
            [
                graph.Event("site a new site", ComponentClass.Site, option: NewSite),
                graph.Gate("no replica at a new site", GateKind.And, events),
            ]);
    }

    // Each site that takes traffic has a gateway, and clients go on to another when one does not answer.
    private static string Entry(SubjectGraph graph, List<TopologySite> sites, bool withOptions)
    {
        var doors = sites
            .Select(site => graph.Gate(
                $"no entry at {site.Id}",
                GateKind.Or,
                [
                    graph.Event($"site {site.Id}", ComponentClass.Site),
                    graph.Event($"gateway at {site.Id}", ComponentClass.Gateway),
                ]))
            .ToList();
        if (withOptions)
        {
            doors.Add(graph.Gate(
                "no entry at a new site",
                GateKind.Or,
                [
                    graph.Event("site a new site", ComponentClass.Site, option: NewSite),
                    graph.Event("gateway at a new site", ComponentClass.Gateway, option: NewSite),
                ]));
        }

        return graph.Gate("no way in", GateKind.And, doors);
    }
}
