using Continuity.Contracts.Reliability;
using Continuity.ControlPlane.Topology;
using Continuity.Reliability.Estimation;
using Continuity.Reliability.Living;

namespace Continuity.Api.Reliability;

/// <summary>What the platform's own record says of its failure rates.</summary>
internal static class PlatformEvidence
{
    private static readonly TimeSpan _shortest = TimeSpan.FromDays(1);

    /// <summary>
    /// The faults on record, and the time since each site and replica was declared; every site has a gateway and a
    /// storage, and its failure domains count from its own declaration on.
    /// </summary>
    /// <remarks>What was declared and deleted is not counted any more: its time is lost, its faults are not.</remarks>
    public static Evidence From(PlatformSnapshot snapshot)
    {
        var sites = Hours(snapshot, snapshot.Sites.Select(site => site.CreatedAt));
        var exposure = new Dictionary<ComponentClass, double>
        {
            [ComponentClass.Site] = sites,
            [ComponentClass.Gateway] = sites,
            [ComponentClass.Storage] = sites,
            [ComponentClass.Infrastructure] = Hours(
                snapshot, snapshot.Sites.SelectMany(site => site.Domains.Select(_ => site.CreatedAt))),
            [ComponentClass.Replica] = Hours(snapshot, snapshot.Replicas.Select(replica => replica.CreatedAt)),
        };

        // Incidents need some exposure, however short, and a class hardly watched keeps its prior untouched.
        var watched = exposure.Where(pair => pair.Value >= _shortest.TotalHours || snapshot.Faults.Any(
            fault => !fault.Observed.IsDrill && ClassOf(fault.Observed.Component) == pair.Key));
        return new Evidence(
            snapshot.Faults.Select(fault => Record(fault.Observed)),
            watched.ToDictionary(pair => pair.Key.ToString(), pair => Math.Max(pair.Value, 1e-3)));
    }

    public static FaultRecord Record(ObservedFault fault) => new(
        ClassOf(fault.Component).ToString(),
        fault.IsDrill ? EvidenceOrigin.Drill : EvidenceOrigin.Incident,
        fault.RepairHours,
        fault.FailoverSucceeded);

    public static ComponentClass ClassOf(string word) => Enum.Parse<ComponentClass>(word, ignoreCase: true);

    private static double Hours(PlatformSnapshot snapshot, IEnumerable<DateTimeOffset> since) =>
        since.Sum(start => Math.Max(0, (snapshot.ReadAt - start).TotalHours));
}
