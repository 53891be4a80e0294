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
    // Below this share of the top, a difference keeps fewer than twelve digits.
    private const double Cancellation = 1e-4;

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
        var conditional = Conditional(graph, derivatives, top);
        Correct(evaluator, graph.Probabilities(), conditional, top);
        return [.. graph.Events.Zip(conditional, (item, given) => Describe(item, given, top))];
    }

    /// <summary>
    /// The joint importance of two events: how much one changes the Birnbaum importance of the other, the second
    /// partial derivative of the top's probability (Hong and Lie 1993).
    /// </summary>
    /// <param name="graph">The model.</param>
    /// <param name="evaluator">The model as compiled from that graph.</param>
    /// <param name="first">The id of a basic event.</param>
    /// <param name="second">The id of another one.</param>
    /// <returns>Above 0 where each makes the other matter more, below where one can stand in for the other.</returns>
    /// <exception cref="ArgumentException">An id is no basic event, or both are the same.</exception>
    public static double Joint(FaultGraph graph, ProbabilityEvaluator evaluator, string first, string second)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(evaluator);
        var (one, other) = (graph.IndexOfEvent(first), graph.IndexOfEvent(second));
        if (one == other)
        {
            throw new ArgumentException($"'{first}' has no joint importance with itself.", nameof(second));
        }

        // Both, the first, the second, none.
        var samples = new double[4 * graph.Events.Length];
        for (var e = 0; e < graph.Events.Length; e++)
        {
            samples.AsSpan(4 * e, 4).Fill(graph.Events[e].Probability);
        }

        ReadOnlySpan<double> ones = [1, 1, 0, 0];
        ReadOnlySpan<double> others = [1, 0, 1, 0];
        ones.CopyTo(samples.AsSpan(4 * one));
        others.CopyTo(samples.AsSpan(4 * other));
        var results = new double[4];
        evaluator.EvaluateMany(samples, results);
        return results[0] - results[1] - results[2] + results[3];
    }

    private static Conditionals[] Conditional(FaultGraph graph, double[] derivatives, double top)
    {
        var result = new Conditionals[graph.Events.Length];
        for (var e = 0; e < result.Length; e++)
        {
            var p = graph.Events[e].Probability;
            var slope = derivatives[Slots.Event(e)] - derivatives[Slots.NotEvent(e)];
            result[e] = new Conditionals(
                slope, Math.Clamp(top + ((1 - p) * slope), 0, 1), Math.Clamp(top - (p * slope), 0, 1));
        }

        return result;
    }

    // Where next to nothing is left of the top without an event (or with one that keeps it from happening), the
    // difference has lost its digits: those few are evaluated for themselves, eight at a time.
    private static void Correct(
        ProbabilityEvaluator evaluator, double[] probabilities, Conditionals[] conditional, double top)
    {
        var lost = new List<(int Event, double Probability)>();
        for (var e = 0; e < conditional.Length; e++)
        {
            if (conditional[e].Without < top * Cancellation)
            {
                lost.Add((e, 0));
            }

            if (conditional[e].Given < top * Cancellation)
            {
                lost.Add((e, 1));
            }
        }

        foreach (var batch in lost.Chunk(ProbabilityEvaluator.BatchSize))
        {
            var samples = new double[probabilities.Length * batch.Length];
            for (var s = 0; s < batch.Length; s++)
            {
                for (var e = 0; e < probabilities.Length; e++)
                {
                    samples[(e * batch.Length) + s] = e == batch[s].Event ? batch[s].Probability : probabilities[e];
                }
            }

            var results = new double[batch.Length];
            evaluator.EvaluateMany(samples, results);
            foreach (var ((e, probability), value) in batch.Zip(results))
            {
                conditional[e] = probability == 0
                    ? conditional[e] with { Without = value }
                    : conditional[e] with { Given = value };
            }
        }
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

    private static EventImportance Describe(BasicEvent basicEvent, Conditionals given, double top)
    {
        var p = basicEvent.Probability;
        return new EventImportance(
            basicEvent.Id, p, given.Slope, p * given.Slope / top, p * given.Given / top, given.Given / top)
        {
            RiskReductionWorth = top / given.Without,
        };
    }

    private readonly record struct Conditionals(double Slope, double Given, double Without);
}
