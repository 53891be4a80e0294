using System.Diagnostics.Metrics;
using System.Text;

namespace Continuity.ServiceDefaults.Metrics;

/// <summary>
/// What an instrument is called in Prometheus: base unit and <c>_total</c> spelled out, dots as underscores.
/// </summary>
/// <remarks>The rule of OpenTelemetry, so that the same query works on metrics that came by OTLP.</remarks>
internal static class PrometheusNames
{
    public static string Of(Instrument instrument)
    {
        var name = Clean(instrument.Name);
        var unit = UnitSuffix(instrument.Unit);
        if (unit is not null && !name.EndsWith(unit, StringComparison.Ordinal))
        {
            name += unit;
        }

        return IsMonotonic(instrument) && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    public static string Clean(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var letter in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        }

        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? "_" + text : text.ToString();
    }

    public static bool IsMonotonic(Instrument instrument)
    {
        var kind = instrument.GetType().GetGenericTypeDefinition();
        return kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>);
    }

    // Units in braces ({request}) say what is counted; "1" is a ratio, whose name says so itself.
    private static string? UnitSuffix(string? unit) => unit switch
    {
        "s" => "_seconds",
        "ms" => "_milliseconds",
        "By" => "_bytes",
        _ => null,
    };
}
