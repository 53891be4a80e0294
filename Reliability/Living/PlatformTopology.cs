namespace Continuity.Reliability.Living;

/// <summary>What a platform consists of, as far as its reliability is concerned.</summary>
public sealed record PlatformTopology
{
    /// <summary>Says which state of the platform this is; an assessment quotes it.</summary>
    public string Version { get; init; } = "";

    /// <summary>The places things run at.</summary>
    public IReadOnlyList<TopologySite> Sites { get; init; } = [];

    /// <summary>The services, with their replicas.</summary>
    public IReadOnlyList<TopologyService> Services { get; init; } = [];

    /// <summary>The folders that are protected, with the sites of their copies.</summary>
    public IReadOnlyList<TopologyArtefactSet> ArtefactSets { get; init; } = [];
}

/// <summary>A site.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Priority">Lower is preferred; another priority than the best is reached by failover.</param>
/// <param name="TakesTraffic">Whether requests may go there now.</param>
public sealed record TopologySite(string Id, int Priority = 0, bool TakesTraffic = true)
{
    /// <summary>What its replicas share: racks, power feeds, switches.</summary>
    public IReadOnlyList<TopologyDomain> Domains { get; init; } = [];
}

/// <summary>A service.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Replicas">What runs it.</param>
/// <param name="Objective">The availability asked of it (SLO), 0 to 1; null for none.</param>
public sealed record TopologyService(
    string Name, IReadOnlyList<TopologyReplica> Replicas, double? Objective = null);

/// <summary>A replica.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Site">Where it runs.</param>
public sealed record TopologyReplica(string Id, string Site)
{
    /// <summary>The domains of its site that it needs, all of them. Named twice is named once.</summary>
    public IReadOnlyList<string> Domains { get; init => field = [.. value.Distinct()]; } = [];
}

/// <summary>An artefact set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sites">Where the original, copies and archives are.</param>
/// <param name="Objective">The availability asked of it, 0 to 1; null for none.</param>
public sealed record TopologyArtefactSet(string Name, IReadOnlyList<string> Sites, double? Objective = null);
