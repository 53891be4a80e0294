using System.Diagnostics.Metrics;
using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;

namespace Continuity.Workers.Monitoring;

internal sealed class MonitoringMetrics : IDisposable
{
    private readonly Meter _meter = new("Continuity.Monitoring");
    private readonly Histogram<double> _probes;
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _dropped;
    private int _isDeciding;

    public MonitoringMetrics()
    {
        _probes = _meter.CreateHistogram<double>(
            "continuity.monitoring.probe.duration", "s", "How long probes of replicas took.");
        _verdicts = _meter.CreateCounter<long>(
            "continuity.monitoring.verdicts_changed", "{verdict}", "Verdicts that this monitor changed.");
        _dropped = _meter.CreateCounter<long>(
            "continuity.monitoring.observations_dropped", "{observation}", "Observations not delivered.");
        _meter.CreateObservableGauge(
            "continuity.monitoring.deciding",
            () => Volatile.Read(ref _isDeciding),
            "1",
            "1 for the monitor whose verdicts count.");
    }

    public void Probed(Replica replica, ProbeResult result) => _probes.Record(
        result.Duration.TotalSeconds,
        new("replica", replica.Id),
        new("outcome", result.Succeeded ? "succeeded" : "failed"));

    public void VerdictChanged(Verdict verdict) =>
        _verdicts.Add(1, new KeyValuePair<string, object?>("outcome", verdict.ToString().ToLowerInvariant()));

    public void Dropped() => _dropped.Add(1);

    public void Deciding(bool isDeciding) => Volatile.Write(ref _isDeciding, isDeciding ? 1 : 0);

    public void Dispose() => _meter.Dispose();
}
