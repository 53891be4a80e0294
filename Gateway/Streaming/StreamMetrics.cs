using System.Diagnostics.Metrics;

namespace Continuity.Gateway.Streaming;

/// <summary>What is measured of streams that break.</summary>
internal sealed class StreamMetrics
{
    private readonly Counter<long> _continued;
    private readonly Counter<long> _broken;

    public StreamMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Continuity.Streaming");
        _continued = meter.CreateCounter<long>(
            "continuity.stream.continuations", "{stream}", "Streams that went on at another replica.");
        _broken = meter.CreateCounter<long>("continuity.stream.broken", "{stream}", "Streams that ended in an error.");
    }

    public void Continued(string service) => _continued.Add(1, new KeyValuePair<string, object?>("service", service));

    public void Broken(string service) => _broken.Add(1, new KeyValuePair<string, object?>("service", service));
}
