using System.Globalization;
using System.Text;

namespace Continuity.ModelServer.Serving;

/// <summary>Builds Prometheus' text format; every series carries the same first labels.</summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();
    private readonly string _labels;

    public PrometheusText(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var parts = new List<string>();
        foreach (var (name, value) in labels)
        {
            parts.Add($"{name}=\"{Escape(value)}\"");
        }

        _labels = string.Join(',', parts);
    }

    public void Gauge(string name, string help, double value)
    {
        Head(name, help, "gauge");
        Sample(name, value);
    }

    public void Counter(string name, string help, long value)
    {
        Head(name, help, "counter");
        Sample(name, value);
    }

    public void Counters(string name, string help, string label, IEnumerable<KeyValuePair<string, long>> values)
    {
        Head(name, help, "counter");
        foreach (var (key, value) in values)
        {
            Sample(name, value, $",{label}=\"{Escape(key)}\"");
        }
    }

    public void Histogram(string name, string help, LatencyHistogram histogram)
    {
        Head(name, help, "histogram");
        var cumulative = histogram.Cumulative();
        for (var bucket = 0; bucket < cumulative.Length; bucket++)
        {
            var bound = bucket < LatencyHistogram.Bounds.Count ? Number(LatencyHistogram.Bounds[bucket]) : "+Inf";
            Sample($"{name}_bucket", cumulative[bucket], $",le=\"{bound}\"");
        }

        Sample($"{name}_sum", histogram.SumSeconds);
        Sample($"{name}_count", cumulative[^1]);
    }

    public override string ToString() => _text.ToString();

    private void Head(string name, string help, string type) =>
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n')
            .Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private void Sample(string name, double value, string moreLabels = "") =>
        _text.Append(name).Append('{').Append(_labels).Append(moreLabels).Append("} ")
            .Append(Number(value)).Append('\n');

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Escape(string value) =>
        value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
