using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.CommonCause;

/// <summary>Makes failing switch-overs part of a graph.</summary>
/// <remarks>The events added are called <c>gate: part, not covered</c> and <c>gate: part, switch to it
/// failed</c>.</remarks>
public static class SwitchOverExpansion
{
    /// <summary>The graph with switch-overs that can fail.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="rules">For which gates and how; a gate may have one.</param>
    /// <exception cref="InvalidModelException">Rules that do not fit the graph: all errors at once.</exception>
    public static FaultGraph Apply(FaultGraph graph, IEnumerable<RedundancyRule> rules)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(rules);
        RedundancyRule[] all = [.. rules];
        var errors = new List<ModelError>();
        foreach (var rule in all)
        {
            Check(graph, rule, errors);
        }

        errors.AddRange(all.CountBy(rule => rule.Gate)
            .Where(pair => pair.Value > 1)
            .Select(pair => new ModelError(pair.Key, $"has {pair.Value} rules; one is allowed.")));
        if (errors.Count > 0)
        {
            throw new InvalidModelException(errors);
        }

        var copy = new GraphCopy(graph);
        foreach (var rule in all)
        {
            graph.TryFind(rule.Gate, out var node);
            Expand(graph, graph.Gates[node.Index], rule, copy);
        }

        return copy.Build();
    }

    private static void Check(FaultGraph graph, RedundancyRule rule, List<ModelError> errors)
    {
        var probability = rule is ImperfectCoverage coverage ? coverage.Coverage
            : ((StandbySwitch)rule).SuccessOnDemand;
        if (!(probability is >= 0 and <= 1))
        {
            errors.Add(new ModelError(
                rule.Gate, $"a switch-over succeeds with probability {probability}; expected a number from 0 to 1."));
        }

        if (!graph.TryFind(rule.Gate, out var node) || node.Kind != NodeKind.Gate)
        {
            errors.Add(new ModelError(rule.Gate, $"no gate of the model '{graph.Name}'."));
            return;
        }

        var kind = graph.Gates[node.Index].Kind;
        if (kind != GateKind.And && !(kind == GateKind.AtLeast && rule is ImperfectCoverage))
        {
            errors.Add(new ModelError(
                rule.Gate, $"is of kind {kind}, which is no redundancy; expected 'and', or k-of-n with coverage."));
        }
    }

    private static void Expand(FaultGraph graph, Gate gate, RedundancyRule rule, GraphCopy copy)
    {
        string[] parts = [.. gate.Arguments.Select(graph.IdOf)];
        if (rule is ImperfectCoverage coverage)
        {
            var inner = $"{gate.Id}: all parts";
            var uncovered = parts.Select(part => Pair(part, "not covered", GateKind.And, 1 - coverage.Coverage));
            copy.WrapGate(gate, inner, [inner, .. uncovered]);
        }
        else if (rule is StandbySwitch standby)
        {
            var later = parts.Skip(1).Select(
                part => Pair(part, "switch to it failed", GateKind.Or, 1 - standby.SuccessOnDemand));
            copy.ReplaceGate(gate, [parts[0], .. later]);
        }

        string Pair(string part, string what, GateKind kind, double probability)
        {
            var fault = $"{gate.Id}: {part}, {what}";
            copy.AddEvent(fault, probability);
            var pair = $"{gate.Id}: {part}";
            copy.AddGate(pair, kind, [part, fault]);
            return pair;
        }
    }
}
