using Continuity.Reliability.Evaluation;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Importance;

/// <summary>
/// The importance of all basic events in two passes over the compiled model: values up, derivatives down.
/// </summary>
/// <remarks>
/// The downward pass is reverse-mode differentiation of the evaluator's arithmetic. P(e) and P(not e) are variables of
/// their own there, so the coefficients of the two, P(top, given e) and P(top, given not e), come out apart as sums of
/// non-negative numbers, for models with negation too. Cost O(instructions), whatever the number of events.
/// </remarks>
public static class ImportanceAnalysis
{
    /// <summary>Ranks nothing, leaves out nothing: one entry per basic event, in the order of the graph.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="evaluator">The model as compiled from that graph.</param>
    /// <returns>Where the top's probability is 0, every ratio to it is NaN.</returns>
    public static IReadOnlyList<EventImportance> Run(FaultGraph graph, ProbabilityEvaluator evaluator)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(evaluator);
        var values = evaluator.Run(graph.Probabilities());
        var derivatives = Differentiate(evaluator, values);
        var top = values[evaluator.Root];
        var result = new EventImportance[graph.Events.Length];
        for (var e = 0; e < result.Length; e++)
        {
            var slope = derivatives[Slots.Event(e)] - derivatives[Slots.NotEvent(e)];
            result[e] = Describe(graph.Events[e], slope, top);
        }

        return result;
    }

    private static double[] Differentiate(ProbabilityEvaluator evaluator, double[] values)
    {
        var instructions = evaluator.Instructions;
        var derivatives = new double[values.Length];
        derivatives[evaluator.Root] = 1;
        var slot = values.Length;
        for (var i = instructions.Length - 1; i >= 0; i--)
        {
            var outer = derivatives[--slot];
            if (outer != 0)
            {
                ref readonly var step = ref instructions[i];
                derivatives[step.IfTrue] += outer * values[step.High];
                derivatives[step.High] += outer * values[step.IfTrue];
                derivatives[step.IfFalse] += outer * values[step.Low];
                derivatives[step.Low] += outer * values[step.IfFalse];
            }
        }

        return derivatives;
    }

    private static EventImportance Describe(BasicEvent basicEvent, double birnbaum, double top)
    {
        var p = basicEvent.Probability;
        var given = Math.Clamp(top + (1 - p) * birnbaum, 0, 1);
        var without = Math.Clamp(top - p * birnbaum, 0, 1);
        return new EventImportance(
            basicEvent.Id, p, birnbaum, p * birnbaum / top, p * given / top, given / top)
        {
            RiskReductionWorth = top / without,
        };
    }
}
