using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Continuity.ServiceDefaults.Telemetry;
using Prometheus;

namespace Continuity.ServiceDefaults.Metrics;

/// <summary>One .NET instrument as Prometheus sees it: a series for each set of label names it was used with.</summary>
internal abstract class PublishedInstrument(Instrument instrument)
{
    private const int MaxLabels = 16;

    private readonly Lock _growing = new();
    private volatile Series[] _series = [];

    protected string Name { get; } = PrometheusNames.Of(instrument);

    protected string Help { get; } = instrument.Description ?? instrument.Name;

    public static PublishedInstrument For(Instrument instrument, IMetricFactory metrics)
    {
        var kind = instrument.GetType().GetGenericTypeDefinition();
        return kind == typeof(Counter<>) ? new PublishedCounter(instrument, metrics, absolute: false)
            : kind == typeof(ObservableCounter<>) ? new PublishedCounter(instrument, metrics, absolute: true)
            : kind == typeof(Histogram<>) ? new PublishedHistogram(instrument, metrics)
            : kind == typeof(UpDownCounter<>) ? new PublishedGauge(instrument, metrics, absolute: false)
            : new PublishedGauge(instrument, metrics, absolute: true);
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        tags = tags.Length > MaxLabels ? tags[..MaxLabels] : tags;
        var series = Find(tags);
        var values = default(LabelValues);
        for (var index = 0; index < tags.Length; index++)
        {
            values[index] = tags[index].Value switch
            {
                string text => text,
                null => "",
                bool truth => truth ? "true" : "false",
                var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
            };
        }

        series.Record(value, ((ReadOnlySpan<string>)values)[..tags.Length]);
    }

    /// <summary>Begins a collection: from here on an observable instrument tells all of its values again.</summary>
    public void BeginRound()
    {
        foreach (var series in _series)
        {
            series.BeginRound();
        }
    }

    /// <summary>Ends a collection: what an observable gauge no longer tells is gone, and must not look alive.</summary>
    public void EndRound()
    {
        foreach (var series in _series)
        {
            series.EndRound();
        }
    }

    protected abstract Series Create(string[] labels);

    private Series Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var series in _series)
        {
            if (series.Fits(tags))
            {
                return series;
            }
        }

        lock (_growing)
        {
            foreach (var series in _series)
            {
                if (series.Fits(tags))
                {
                    return series;
                }
            }

            var names = new string[tags.Length];
            for (var index = 0; index < names.Length; index++)
            {
                names[index] = tags[index].Key;
            }

            var added = Create([.. names.Select(PrometheusNames.Clean)]);
            added.TagNames = names;
            _series = [.. _series, added];
            return added;
        }
    }

    protected abstract class Series
    {
        public string[] TagNames { get; set; } = [];

        public bool Fits(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length != TagNames.Length)
            {
                return false;
            }

            for (var index = 0; index < tags.Length; index++)
            {
                if (!string.Equals(tags[index].Key, TagNames[index], StringComparison.Ordinal))
                {
                    return false;
                }
            }

            return true;
        }

        public abstract void Record(double value, ReadOnlySpan<string> labels);

        public virtual void BeginRound()
        {
        }

        public virtual void EndRound()
        {
        }
    }

    [InlineArray(MaxLabels)]
    private struct LabelValues
    {
        private string _first;
    }
}

internal sealed class PublishedCounter(Instrument instrument, IMetricFactory metrics, bool absolute)
    : PublishedInstrument(instrument)
{
    protected override Series Create(string[] labels) =>
        new CounterSeries(metrics.CreateCounter(Name, Help, labels), absolute);

    private sealed class CounterSeries(Counter counter, bool absolute) : Series
    {
        public override void Record(double value, ReadOnlySpan<string> labels)
        {
            var child = counter.WithLabels(labels);
            if (absolute)
            {
                child.IncTo(value);
            }
            else
            {
                child.Inc(value);
            }
        }
    }
}

internal sealed class PublishedHistogram(Instrument instrument,
    IMetricFactory metrics) : PublishedInstrument(instrument)
{
    private readonly double[] _buckets = HistogramBuckets.For(instrument);

    protected override Series Create(string[] labels) => new HistogramSeries(
        metrics.CreateHistogram(Name, Help, labels, new HistogramConfiguration { Buckets = _buckets }));

    private sealed class HistogramSeries(Histogram histogram) : Series
    {
        public override void Record(double value, ReadOnlySpan<string> labels) =>
            histogram.WithLabels(labels).Observe(value);
    }
}

internal sealed class PublishedGauge(Instrument instrument, IMetricFactory metrics, bool absolute)
    : PublishedInstrument(instrument)
{
    private readonly bool _isObservable = instrument.IsObservable;

    protected override Series Create(string[] labels) =>
        new GaugeSeries(metrics.CreateGauge(Name, Help, labels), absolute, _isObservable);

    private sealed class GaugeSeries(Gauge gauge, bool absolute, bool observable) : Series
    {
        private readonly HashSet<string> _told = [];

        public override void Record(double value, ReadOnlySpan<string> labels)
        {
            var child = gauge.WithLabels(labels);
            if (absolute)
            {
                child.Set(value);
            }
            else
            {
                child.Inc(value);
            }

            // Observable instruments report during a collection only, one at a time.
            if (observable)
            {
                _told.Add(Key(labels));
            }
        }

        public override void BeginRound() => _told.Clear();

        public override void EndRound()
        {
            if (!observable)
            {
                return;
            }

            foreach (var labels in gauge.GetAllLabelValues().Where(labels => !_told.Contains(Key(labels))).ToArray())
            {
                gauge.RemoveLabelled(labels);
            }
        }

        private static string Key(ReadOnlySpan<string> labels) => string.Join('\u001f', labels);
    }
}
