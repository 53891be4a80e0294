using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Reliability;
using Continuity.Contracts.Services;
using Continuity.Contracts.Sites;

namespace Continuity.ControlPlane.Topology;

/// <summary>All that the platform consists of, as of one moment.</summary>
/// <param name="Version">Another text after every change; of no meaning otherwise.</param>
/// <param name="Sites">By priority, then id.</param>
/// <param name="Services">By name.</param>
/// <param name="Replicas">By service, then id.</param>
/// <param name="ArtefactSets">By name.</param>
public sealed record PlatformSnapshot(
    string Version,
    IReadOnlyList<Site> Sites,
    IReadOnlyList<Service> Services,
    IReadOnlyList<Replica> Replicas,
    IReadOnlyList<ArtefactSet> ArtefactSets)
{
    /// <summary>The faults on record, by id.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>When it was read (UTC, the database's clock).</summary>
    public DateTimeOffset ReadAt { get; init; }
}
