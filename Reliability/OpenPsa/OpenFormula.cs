using System.Globalization;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.OpenPsa;

/// <summary>A formula while its arguments are read.</summary>
internal sealed class OpenFormula(GateKind kind, int threshold, int line)
{
    public GateKind Kind { get; } = kind;

    public int Threshold { get; } = threshold;

    public int Line { get; } = line;

    public List<string> Arguments { get; } = [];

    /// <summary>The kind that an element stands for; null when it is no formula.</summary>
    public static GateKind? KindOf(string element) => element switch
    {
        "and" => GateKind.And,
        "or" => GateKind.Or,
        "not" => GateKind.Not,
        "xor" => GateKind.Xor,
        "nand" => GateKind.Nand,
        "nor" => GateKind.Nor,
        "atleast" => GateKind.AtLeast,
        _ => null,
    };

    public static int? ParseThreshold(string? min) =>
        int.TryParse(min, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
