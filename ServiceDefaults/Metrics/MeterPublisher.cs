using System.Diagnostics.Metrics;
using Prometheus;

namespace Continuity.ServiceDefaults.Metrics;

/// <summary>
/// Publishes our own meters, the runtime's and the database client's by prometheus-net, from the moment it is made.
/// </summary>
/// <remarks>
/// Not those of the web server and of HttpClient: they are recorded several times a request and cost a gateway a third
/// of its throughput, while our own tell the same per service and replica.
/// prometheus-net's own adapter starts with the first scrape, so that what was counted before is lost, puts the meter's
/// name in front of the instrument's, and leaves units and <c>_total</c> out.
/// </remarks>
internal sealed class MeterPublisher : IDisposable
{
    // One, however many hosts start at once: two would count everything twice.
    private static readonly Lazy<MeterPublisher> _ofProcess = new(() => new(Prometheus.Metrics.DefaultRegistry));

    private readonly Lock _collecting = new();
    private readonly MeterListener _listener = new();
    private readonly IMetricFactory _metrics;
    private readonly List<PublishedInstrument> _observable = [];

    public MeterPublisher(CollectorRegistry registry)
    {
        _metrics = Prometheus.Metrics.WithCustomRegistry(registry);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!IsPublished(instrument.Meter.Name))
            {
                return;
            }

            var published = PublishedInstrument.For(instrument, _metrics);
            if (instrument.IsObservable)
            {
                lock (_collecting)
                {
                    _observable.Add(published);
                }
            }

            listener.EnableMeasurementEvents(instrument, published);
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record((double)value, tags, state));
        _listener.Start();
        registry.AddBeforeCollectCallback(CollectObservable);
    }

    /// <summary>Starts publishing in the default registry, once however many hosts the process has.</summary>
    public static void StartForProcess()
    {
        Prometheus.Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions
        {
            SuppressMeters = true,
            SuppressEventCounters = true,
            SuppressDebugMetrics = true,
        });
        _ = _ofProcess.Value;
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsPublished(string meter) =>
        meter.StartsWith("Continuity.", StringComparison.Ordinal) || meter is "System.Runtime" or "Npgsql";

    private static void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
        (state as PublishedInstrument)?.Record(value, tags);

    private void CollectObservable()
    {
        lock (_collecting)
        {
            _observable.ForEach(instrument => instrument.BeginRound());
            _listener.RecordObservableInstruments();
            _observable.ForEach(instrument => instrument.EndRound());
        }
    }
}
