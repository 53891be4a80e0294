using System.Diagnostics.Metrics;

namespace Continuity.Gateway.Routing;

/// <summary>What is measured of the routing snapshot.</summary>
internal sealed class RoutingMetrics
{
    private readonly Counter<long> _applied;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _pollsFailed;
    private long _version;

    public RoutingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Continuity.Routing");
        _applied = meter.CreateCounter<long>(
            "continuity.routing.snapshots_applied", "{snapshot}", "Snapshots put in force.");
        _refused = meter.CreateCounter<long>(
            "continuity.routing.snapshots_refused", "{snapshot}", "Snapshots refused as invalid.");
        _pollsFailed = meter.CreateCounter<long>(
            "continuity.routing.polls_failed", "{poll}", "Questions to the Api without an answer.");
        meter.CreateObservableGauge(
            "continuity.routing.version", () => Interlocked.Read(ref _version), "{version}", "The snapshot in force.");
        meter.CreateObservableGauge(
            "continuity.routing.age",
            () => AgeSource?.Invoke().TotalSeconds ?? 0,
            "s",
            "Since the source last confirmed the snapshot in force.");
    }

    /// <summary>Asked for the snapshot's age at each collection.</summary>
    public Func<TimeSpan>? AgeSource { get; set; }

    public void Applied(long version)
    {
        Interlocked.Exchange(ref _version, version);
        _applied.Add(1);
    }

    public void Refused() => _refused.Add(1);

    public void PollFailed() => _pollsFailed.Add(1);
}
