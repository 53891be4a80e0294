using Continuity.ServiceDefaults.Telemetry;
using Prometheus;

namespace Continuity.ServiceDefaults.Management;

/// <summary>Publishes all .NET meters by prometheus-net, once per process.</summary>
internal static class MetricsPublication
{
    private static int _started;

    public static void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) == 1)
        {
            return;
        }

        Metrics.ConfigureMeterAdapter(options => options.ResolveHistogramBuckets = HistogramBuckets.For);
        Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions
        {
            // The runtime's own meters tell the same, at less cost.
            SuppressEventCounters = true,
            SuppressDebugMetrics = true,
        });
    }
}
