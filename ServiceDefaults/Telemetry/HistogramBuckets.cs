using System.Diagnostics.Metrics;

namespace Continuity.ServiceDefaults.Telemetry;

/// <summary>Buckets by unit, the same for OTLP and Prometheus.</summary>
internal static class HistogramBuckets
{
    /// <summary>From a fast hop on one machine to a long job.</summary>
    public static double[] Seconds { get; } =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

    /// <summary>Powers of four from 256 bytes to 1 GiB.</summary>
    public static double[] Bytes { get; } = [.. Enumerable.Range(4, 12).Select(power => Math.Pow(4, power))];

    /// <summary>For counts and whatever else: powers of four.</summary>
    public static double[] Counts { get; } = [.. Enumerable.Range(0, 10).Select(power => Math.Pow(4, power))];

    public static bool IsOursInSeconds(Instrument instrument) =>
        instrument.Unit == "s" && instrument.Meter.Name.StartsWith("Continuity.", StringComparison.Ordinal)
        && instrument.GetType().GetGenericTypeDefinition() == typeof(Histogram<>);

    public static double[] For(Instrument instrument) => instrument.Unit switch
    {
        "s" => Seconds,
        "By" => Bytes,
        _ => Counts,
    };
}
