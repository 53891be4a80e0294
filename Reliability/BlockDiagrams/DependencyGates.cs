using System.Globalization;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.BlockDiagrams;

/// <summary>Says of parts when they are down: in the terms of the graph core.</summary>
internal static class DependencyGates
{
    public static string FailureOf(string part) => part + " fails";

    /// <summary>Adds the event and the gates of a part.</summary>
    /// <returns>What is wrong with its needs.</returns>
    public static IReadOnlyList<string> Add(
        FaultGraphBuilder builder, string part, double failureProbability, IEnumerable<Need> needs, int? line)
    {
        builder.AddEvent(FailureOf(part), failureProbability, part, line);
        var causes = new List<string> { FailureOf(part) };
        var problems = new List<string>();
        foreach (var need in needs)
        {
            var unmet = string.Create(CultureInfo.InvariantCulture, $"{part} need {causes.Count}");
            var block = new Block(unmet, BlockKind.Vote, need.Of) { Needed = need.Count, Line = line };
            if (BlockGates.Add(builder, block) is { } problem)
            {
                problems.Add(problem);
            }

            causes.Add(unmet);
        }

        builder.AddGate(part, GateKind.Or, causes, null, line);
        return problems;
    }
}
