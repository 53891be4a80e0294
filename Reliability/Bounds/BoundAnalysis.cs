using Continuity.Reliability.Analysis;
using Continuity.Reliability.Decisions;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Preprocessing;

namespace Continuity.Reliability.Bounds;

/// <summary>Certified bounds of a model's probability, for models that are too large to be solved exactly.</summary>
/// <remarks>
/// Each module that does not fit is built as a pair of smaller functions, one that implies it and one that it implies.
/// Rounds with larger and larger functions bring the two together. No assumption is made: negations, probabilities near
/// 1 and any structure are allowed, and the bounds hold at any time.
/// </remarks>
public sealed class BoundAnalysis
{
    private const int FirstFunctionNodes = 1 << 10;
    private const int GrowthFactor = 4;

    // What fits this easily is solved exactly.
    private const int MaxExactNodes = 1 << 17;

    private readonly ModulePlan _plan;
    private readonly FaultGraph _graph;
    private readonly BoundOptions _options;
    private readonly Dictionary<int, Interval> _intervals = [];
    private readonly Dictionary<int, int> _roots = [];
    private readonly CompiledModule?[] _exact;
    private readonly int[][] _orders;
    private int _peak;

    private BoundAnalysis(FaultGraph graph, BoundOptions options, CancellationToken cancellationToken)
    {
        (_graph, _options) = (graph, options);
        _plan = ModulePlan.Make(Splitting.Apply(FormulaReader.Read(graph, cancellationToken)), cancellationToken);
        _exact = new CompiledModule?[_plan.Modules.Count];
        _orders = new int[_exact.Length][];
    }

    /// <summary>Bounds as close as the options, or the time, allow.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="options">What they may cost.</param>
    /// <param name="enough">Ends the analysis with what is known by then; at worst, 0 and 1.</param>
    /// <param name="cancellationToken">Ends the analysis with an exception.</param>
    public static BoundResult Run(
        FaultGraph graph, BoundOptions options, CancellationToken enough, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxNodes, 2);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough, cancellationToken);
        var best = new BoundResult(new ProbabilityBounds(0, 1), 0);
        try
        {
            var analysis = new BoundAnalysis(graph, options, either.Token);
            analysis.SolveSmallModules(either.Token);
            foreach (var round in analysis.Rounds(either.Token))
            {
                best = new BoundResult(
                    new ProbabilityBounds(
                        Math.Max(best.Probability.Lower, round.Lower), Math.Min(best.Probability.Upper, round.Upper)),
                    analysis._peak);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Enough: the best bounds so far are the answer.
        }

        return best;
    }

    private void SolveSmallModules(CancellationToken cancellationToken)
    {
        using var search = new ModuleSearch(Math.Min(MaxExactNodes, _options.MaxNodes), cancellationToken);
        for (var m = 0; m < _exact.Length; m++)
        {
            var module = _plan.Modules[m];
            _exact[m] = search.Run(module, Array.ConvertAll(module.Inputs, RootOf));
            _orders[m] = search.LeadingOrder;
            if (_exact[m] is { } compiled)
            {
                _roots.Add(module.Node, compiled.Root);
            }
        }

        _peak = search.Peak;
    }

    private IEnumerable<ProbabilityBounds> Rounds(CancellationToken cancellationToken)
    {
        for (var limit = FirstFunctionNodes; ; limit *= GrowthFactor)
        {
            var functionNodes = Math.Min(limit, _options.MaxFunctionNodes);
            for (var m = 0; m < _exact.Length; m++)
            {
                _intervals[_plan.Modules[m].Node] = _exact[m] is { } compiled
                    ? Evaluate(compiled)
                    : Bound(_plan.Modules[m], _orders[m], functionNodes, cancellationToken);
            }

            var bounds = OfTop();
            yield return bounds;
            var isClose = bounds.Upper - bounds.Lower <= bounds.Upper * _options.RelativeGap;
            if (limit >= _options.MaxFunctionNodes || isClose)
            {
                yield break;
            }
        }
    }

    // The plain function of the diagram: what users of the module take as their variable.
    private Interval Evaluate(CompiledModule compiled)
    {
        var inputs = Array.ConvertAll(compiled.InputAtLevel, input => IntervalOf(compiled.Module.Inputs[input]));
        var root = compiled.Root & ~1;
        var (least, leastNot) = IntervalProbability.Least(compiled.Nodes, root, inputs);
        var (most, mostNot) = inputs.All(input => input.IsExact)
            ? (least, leastNot)
            : IntervalProbability.Greatest(compiled.Nodes, root, inputs);
        return new Interval((least, most), (leastNot, mostNot));
    }

    private Interval Bound(Module module, int[] levels, int limit, CancellationToken cancellationToken)
    {
        using var diagram = new DecisionDiagram(Math.Max(_options.MaxNodes, levels.Length + 2), cancellationToken);
        var atLevel = new Interval[levels.Length];
        var inputs = new int[levels.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            atLevel[levels[i]] = IntervalOf(module.Inputs[i]);
            var root = RootOf(module.Inputs[i]) ?? Edge.False;
            inputs[i] = _roots.ContainsKey(module.Inputs[i]) && Edge.IsConstant(root)
                ? root
                : diagram.Variable(levels[i]) ^ (root & 1);
        }

        var trimming = new Trimming(diagram, Array.ConvertAll(atLevel, interval => interval.Middle));
        var (lower, upper) = new BoundedCompiler(module, inputs, diagram, trimming, limit).Compile();
        _peak = Math.Max(_peak, diagram.Peak);
        var (least, mostNot) = (
            IntervalProbability.Least(diagram.Nodes, lower, atLevel).Plain,
            IntervalProbability.Greatest(diagram.Nodes, lower, atLevel).Negated);
        var (most, leastNot) = (
            IntervalProbability.Greatest(diagram.Nodes, upper, atLevel).Plain,
            IntervalProbability.Least(diagram.Nodes, upper, atLevel).Negated);
        return Tighter(module.Node, new Interval((least, most), (leastNot, mostNot)));
    }

    private Interval Tighter(int node, Interval found) => _intervals.TryGetValue(node, out var known)
        ? new Interval(
            (Math.Max(known.True.Least, found.True.Least), Math.Min(known.True.Most, found.True.Most)),
            (Math.Max(known.False.Least, found.False.Least), Math.Min(known.False.Most, found.False.Most)))
        : found;

    private ProbabilityBounds OfTop()
    {
        var root = Literal.Node(_plan.Formula.Root);
        if (root == 0)
        {
            return ProbabilityBounds.Exactly(Literal.Sign(_plan.Formula.Root));
        }

        var sign = Literal.Sign(_plan.Formula.Root) ^ ((RootOf(root) ?? 0) & 1);
        var interval = IntervalOf(root);
        var (least, most) = sign == 0 ? interval.True : interval.False;
        return least == most
            ? ProbabilityBounds.Exactly(least)
            : new ProbabilityBounds(
                least * (1 - IntervalProbability.Margin), Math.Min(1, most * (1 + IntervalProbability.Margin)));
    }

    private int? RootOf(int node) => _roots.TryGetValue(node, out var root) ? root : null;

    private Interval IntervalOf(int node) => _intervals.TryGetValue(node, out var interval)
        ? interval
        : Interval.Exactly(_graph.Events[_plan.Formula.Nodes[node].Number].Probability);
}
