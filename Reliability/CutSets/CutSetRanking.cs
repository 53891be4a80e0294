using Continuity.Reliability.Analysis;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Preprocessing;

namespace Continuity.Reliability.CutSets;

/// <summary>The most probable minimal cut sets of a coherent model, in that order, without listing all.</summary>
/// <remarks>
/// A best-first walk through the families of sets: what is left of a set is never more probable than the best path
/// below its node, so that the first sets to end are the best ones. A module's own best sets stand for it in its users.
/// </remarks>
internal sealed class CutSetRanking
{
    private readonly CompiledModel _model;
    private readonly FaultGraph _graph;
    private readonly int _count;
    private readonly Dictionary<int, RankedSet[]> _ofModule = [];

    private CutSetRanking(CompiledModel model, FaultGraph graph, int count) =>
        (_model, _graph, _count) = (model, graph, count);

    public static IReadOnlyList<CutSet> Rank(
        CompiledModel model, FaultGraph graph, int count, int maxNodes, CancellationToken cancellationToken)
    {
        var ranking = new CutSetRanking(model, graph, count);
        foreach (var module in model.Modules)
        {
            var (nodes, root) = MinimalSolutions.Of(module.Nodes, module.Root & ~1, maxNodes, cancellationToken);
            var inputs = Array.ConvertAll(
                module.InputAtLevel, input => ranking.OfInput(module.Module.Inputs[input]));
            ranking._ofModule.Add(
                module.Module.Node, new RankedWalk(nodes, inputs).Best(root, count, cancellationToken));
        }

        return [.. ranking.OfTop().Select(ranking.Describe)];
    }

    private RankedSet[] OfTop()
    {
        var root = _model.Plan.Formula.Root;
        return Literal.Node(root) != 0 ? [.. OfInput(Literal.Node(root)).Take(_count)]
            : Literal.Sign(root) == 1 ? [new RankedSet(1, [])] : [];
    }

    private RankedSet[] OfInput(int node)
    {
        if (_ofModule.TryGetValue(node, out var sets))
        {
            return sets;
        }

        var number = _model.Plan.Formula.Nodes[node].Number;
        return [new RankedSet(_graph.Events[number].Probability, [number])];
    }

    private CutSet Describe(RankedSet set) =>
        new([.. set.Events.Order().Select(number => _graph.Events[number].Id)], set.Probability);
}
