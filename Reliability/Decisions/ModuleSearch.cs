using System.Collections.Concurrent;
using Continuity.Reliability.Orders;
using Continuity.Reliability.Preprocessing;

namespace Continuity.Reliability.Decisions;

/// <summary>
/// Finds a small decision diagram of a module: the narrowest order is tried alone; where it does not fit, several
/// orders race under a budget that grows until one has finished.
/// </summary>
/// <remarks>
/// What an order has built when its budget ends is kept, so that no work is done twice; the hopeless ones drop out.
/// </remarks>
internal sealed class ModuleSearch : IDisposable
{
    private const int FirstBudget = 1 << 15;
    private const int BudgetFactor = 4;

    // Diagrams of this size are built sooner than orders are compared.
    private const int QuickBudget = 1 << 10;

    // Up to here one good order is sooner done than the best of eight is found.
    private const int NarrowestBudget = 1 << 17;

    // How many orders go on past a budget: before the first, progress says little about what an order will come to.
    private static readonly (int Budget, int Kept)[] _selections = [(1 << 17, 3), (1 << 19, 2), (1 << 23, 1)];

    // Who has so much fewer gates than the first only takes its memory and the other core's bandwidth.
    private const double LeastShareOfTheFirst = 0.8;

    // Past this size the first diagram that fits is taken: trying to halve it costs more than using it.
    private const int SatisfiedBudget = 1 << 17;

    private readonly List<DecisionDiagram> _diagrams = [];
    private readonly int _maxNodes;
    private readonly CancellationToken _cancellationToken;

    public ModuleSearch(int maxNodes, CancellationToken cancellationToken) =>
        (_maxNodes, _cancellationToken) = (maxNodes, cancellationToken);

    /// <summary>The largest number of nodes that one diagram held so far.</summary>
    public int Peak { get; private set; }

    /// <summary>For each input its level in the order that came furthest, where the last module did not fit.</summary>
    public int[] LeadingOrder { get; private set; } = [];

    /// <summary>The smallest diagram found, or null when none fits the budget.</summary>
    /// <param name="module">The module.</param>
    /// <param name="roots">For each input, the root of its own diagram; null for an event.</param>
    public CompiledModule? Run(Module module, int?[] roots)
    {
        if (_maxNodes < module.Inputs.Length + 2)
        {
            LeadingOrder = VariableOrders.AsWritten(module);
            return null;
        }

        using var race = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
        var isGate = module.Gates.Length == 1;
        var first = isGate ? VariableOrders.AsWritten(module) : VariableOrders.LargestFirst(module);
        var quick = Enter(0, module, roots, first, race.Token);
        if (quick.Advance(isGate ? _maxNodes : Math.Min(QuickBudget, _maxNodes)))
        {
            return Finish(quick);
        }

        Peak = Math.Max(Peak, quick.Peak);
        if (isGate)
        {
            LeadingOrder = quick.Levels();
            return null;
        }

        var edges = new Hyperedges(module);
        var orders = VariableOrders.Candidates(module, edges);
        var narrowest = Enumerable.Range(0, orders.Length).MinBy(place => edges.WidthOf(orders[place]));
        var alone = Enter(0, module, roots, orders[narrowest], race.Token);
        if (alone.Advance(Math.Min(NarrowestBudget, _maxNodes)))
        {
            return Finish(alone);
        }

        // The others' diagrams are made only now: clearing them takes longer than most modules do.
        var entered = 0;
        var racers = orders.Select((levels, place) =>
            place == narrowest ? alone : Enter(++entered, module, roots, levels, race.Token)).ToList();
        return Race(racers, race);
    }

    private CompiledModule Finish(ModuleCompiler racer)
    {
        Peak = Math.Max(Peak, racer.Peak);
        return racer.Finish();
    }

    private CompiledModule? Race(List<ModuleCompiler> racers, CancellationTokenSource race)
    {
        for (long budget = FirstBudget; ; budget *= BudgetFactor)
        {
            var limit = (int)Math.Min(budget, _maxNodes);
            var finished = Advance(racers, limit, race);
            Peak = Math.Max(Peak, racers.Max(racer => racer.Peak));
            if (finished.Count > 0)
            {
                foreach (var loser in racers.Except(finished))
                {
                    loser.Abandon();
                }

                return finished.Select(racer => racer.Finish()).MinBy(found => found.Nodes.Length);
            }

            racers = Select(racers, limit);
            LeadingOrder = racers[0].Levels();
            if (limit == _maxNodes)
            {
                return null;
            }
        }
    }

    public void Dispose()
    {
        foreach (var diagram in _diagrams)
        {
            diagram.Dispose();
        }
    }

    private ModuleCompiler Enter(
        int place, Module module, int?[] roots, int[] levels, CancellationToken cancellationToken)
    {
        if (place == _diagrams.Count)
        {
            _diagrams.Add(new DecisionDiagram(_maxNodes, cancellationToken));
        }

        _diagrams[place].Reset(_maxNodes, cancellationToken);
        return new ModuleCompiler(module, roots, levels, _diagrams[place]);
    }

    private List<ModuleCompiler> Advance(List<ModuleCompiler> racers, int budget, CancellationTokenSource race)
    {
        var isFinished = new bool[racers.Count];
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = _cancellationToken,
        };

        // One after the other as threads come free: the likeliest orders are the first.
        var places = Partitioner.Create(
            Enumerable.Range(0, isFinished.Length), EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(places, options, (i, loop) =>
        {
            isFinished[i] = Advance(racers[i], budget);
            if (isFinished[i] && budget >= SatisfiedBudget)
            {
                loop.Stop();
                race.Cancel();
            }
        });

        return [.. racers.Where((_, place) => isFinished[place])];
    }

    private bool Advance(ModuleCompiler racer, int budget)
    {
        try
        {
            return racer.Advance(budget);
        }
        catch (OperationCanceledException)
        {
            // Another one has finished, unless the whole analysis was cancelled.
            _cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    // The last gates are the large ones: who is further by one argument is the better, whatever it holds.
    private static List<ModuleCompiler> Select(List<ModuleCompiler> racers, int budget)
    {
        var limit = _selections.Where(selection => budget >= selection.Budget)
            .Select(selection => selection.Kept).DefaultIfEmpty(racers.Count).Last();
        var ranked = racers
            .OrderByDescending(racer => racer.GatesDone).ThenByDescending(racer => racer.ShareDone)
            .ThenBy(racer => racer.CountNeeded).ToList();
        var needed = budget < _selections[0].Budget ? 0 : ranked[0].GatesDone * LeastShareOfTheFirst;
        var kept = ranked.Take(limit).TakeWhile(racer => racer.GatesDone >= needed).ToList();
        foreach (var dropped in ranked.Skip(kept.Count))
        {
            dropped.Abandon();
        }

        return kept;
    }
}
