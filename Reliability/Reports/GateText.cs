using System.Globalization;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Reports;

/// <summary>What a diagram says of a gate.</summary>
internal static class GateText
{
    public static string Of(Gate gate) => gate.Kind == GateKind.AtLeast
        ? string.Create(CultureInfo.InvariantCulture, $"{gate.Threshold} of {gate.Arguments.Length}")
        : gate.Kind.ToString().ToLowerInvariant();
}
