using Continuity.Reliability.Decisions;

namespace Continuity.Reliability.CutSets;

/// <summary>Finds the most probable sets of one family.</summary>
/// <param name="nodes">The family's diagram, children first.</param>
/// <param name="inputs">For each level, the sets that its variable stands for, most probable first.</param>
internal sealed class RankedWalk(DecisionNode[] nodes, RankedSet[][] inputs)
{
    private const int Undecided = -1;
    private const int StepsBetweenChecks = 1 << 12;

    private readonly PriorityQueue<Step, double> _open = new();
    private readonly double[] _best = new double[nodes.Length];

    public RankedSet[] Best(int root, int count, CancellationToken cancellationToken)
    {
        FindBest();
        var found = new List<RankedSet>();
        Push(new Step(root, Undecided, 1, null));
        for (var steps = 0; found.Count < count && _open.TryDequeue(out var step, out _); steps++)
        {
            if (steps % StepsBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (step.Node == ZeroSuppressedDiagram.Unit)
            {
                found.Add(new RankedSet(step.Probability, Events(step.Chosen)));
            }
            else
            {
                Expand(step);
            }
        }

        // The walk multiplied in another order than a set's own: equal sets may have come a rounding apart.
        return [.. found.OrderByDescending(set => set.Probability)];
    }

    private void FindBest()
    {
        _best[ZeroSuppressedDiagram.Empty] = -1;
        _best[ZeroSuppressedDiagram.Unit] = 1;
        for (var i = 2; i < nodes.Length; i++)
        {
            var choices = inputs[nodes[i].Level];
            _best[i] = Math.Max(
                _best[nodes[i].Low],
                choices.Length == 0 || _best[nodes[i].High] < 0 ? -1 : choices[0].Probability * _best[nodes[i].High]);
        }
    }

    // Without the variable, or with its sets one after the other.
    private void Expand(Step step)
    {
        ref readonly var node = ref nodes[step.Node];
        if (step.Variant == Undecided)
        {
            Push(step with { Node = node.Low });
            Push(step with { Variant = 0 });
            return;
        }

        var choice = inputs[node.Level][step.Variant];
        Push(new Step(
            node.High, Undecided, step.Probability * choice.Probability, new Chosen(choice.Events, step.Chosen)));
        Push(step with { Variant = step.Variant + 1 });
    }

    private void Push(Step step)
    {
        var rest = _best[step.Node];
        if (step.Variant != Undecided)
        {
            ref readonly var node = ref nodes[step.Node];
            var choices = inputs[node.Level];
            rest = step.Variant < choices.Length && _best[node.High] >= 0
                ? choices[step.Variant].Probability * _best[node.High]
                : -1;
        }

        if (rest >= 0)
        {
            _open.Enqueue(step, -step.Probability * rest);
        }
    }

    private static int[] Events(Chosen? last)
    {
        var events = new List<int>();
        for (var chosen = last; chosen is not null; chosen = chosen.Before)
        {
            events.AddRange(chosen.Events);
        }

        return [.. events];
    }

    private sealed record Chosen(int[] Events, Chosen? Before);

    private readonly record struct Step(int Node, int Variant, double Probability, Chosen? Chosen);
}
