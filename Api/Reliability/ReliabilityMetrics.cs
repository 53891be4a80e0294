using System.Diagnostics.Metrics;

namespace Continuity.Api.Reliability;

/// <summary>Whether the living model keeps up with the platform.</summary>
internal sealed class ReliabilityMetrics : IDisposable
{
    private readonly Meter _meter = new("Continuity.Reliability");
    private int _isStale = 1;

    public ReliabilityMetrics() => _meter.CreateObservableGauge(
        "continuity.reliability.model.stale",
        () => Volatile.Read(ref _isStale),
        "1",
        "1 while the reliability model lags behind the platform, or may.");

    public void Stale(bool isStale) => Volatile.Write(ref _isStale, isStale ? 1 : 0);

    public void Dispose() => _meter.Dispose();
}
