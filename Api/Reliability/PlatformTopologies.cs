using Continuity.Contracts.Routing;
using Continuity.Contracts.Sites;
using Continuity.ControlPlane.Topology;
using Continuity.Reliability.Living;

namespace Continuity.Api.Reliability;

/// <summary>The platform as the reliability library sees it.</summary>
internal static class PlatformTopologies
{
    // A site that stands by is reached by failover, whatever its priority says.
    private const int StandbyPriority = 1_000_000;

    public static PlatformTopology From(PlatformSnapshot snapshot)
    {
        // The long run is asked about: what is broken now counts, what was taken out on purpose does not.
        var replicas = snapshot.Replicas
            .Where(replica => replica.State is not (ReplicaState.Draining or ReplicaState.Stopped))
            .ToLookup(replica => replica.Service, replica => new TopologyReplica(replica.Id, replica.Site)
            {
                Domains = replica.Domains,
            });
        return new PlatformTopology
        {
            Version = snapshot.Version,
            Sites = [.. snapshot.Sites.Select(site => new TopologySite(
                site.Id,
                site.State == SiteState.Standby ? StandbyPriority : site.Priority,
                site.State is SiteState.Active or SiteState.Degraded or SiteState.Standby && site.Weight > 0)
                {
                    Domains = [.. site.Domains.Select(From)],
                })],
            Services = [.. snapshot.Services.Select(service => new TopologyService(
                service.Name, [.. replicas[service.Name]], service.AvailabilityObjective))],
            ArtefactSets = [.. snapshot.ArtefactSets.Select(set => new TopologyArtefactSet(
                set.Name,
                [.. new[] { set.Source, set.Archives }.Concat(set.Targets).OfType<Contracts.ArtefactSets.SitePath>()
                    .Select(path => path.Site).Distinct()]))],
        };
    }

    private static TopologyDomain From(FailureDomain domain) => new(domain.Name, domain.Kind)
    {
        DependsOn = domain.DependsOn,
        Needs = domain.Needs,
        FailuresPerYear = domain.FailuresPerYear,
        RepairHours = domain.RepairHours,
    };
}
