namespace Continuity.Reliability.Markov;

/// <summary>The questions a chain can be asked: at a time, until a time, in the long run, before an event.</summary>
/// <remarks>Immutable and safe for concurrent use. Every answer is a sum of non-negative terms, so that small
/// probabilities are as exact as large ones. Formulas and sources: docs/reliability-time.md.</remarks>
/// <param name="chain">The chain.</param>
public sealed class MarkovAnalysis(MarkovChain chain)
{
    private readonly MarkovChain _chain = chain ?? throw new ArgumentNullException(nameof(chain));

    /// <summary>The precision of answers about a time.</summary>
    public TransientOptions Transients { get; init; } = new();

    /// <summary>The precision of answers about the long run and about times without bound.</summary>
    public SteadyStateOptions SteadyStates { get; init; } = new();

    /// <summary>The chain at a time, and what it did until then.</summary>
    /// <param name="time">Finite, zero or more, in the unit of the rates.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <returns>The distribution and the expected times in the states.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, not finite, or has more than 1e9 jumps of
    /// the fastest state in a chain too large for matrices.</exception>
    public TransientSolution Transient(double time, CancellationToken cancellationToken)
    {
        Require.Rate(time, "The time");
        var rates = _chain.Rates;

        // A state that is never left needs no stepping: what is in it at a time is what has flowed in until then.
        var moving = SubChain.Of(rates, _chain.Initial, Array.ConvertAll(rates.ExitRates.ToArray(), exit => exit > 0));
        var evolution = TransientSolver.Run(
            moving, moving.Gather(_chain.Initial), time, Transients, cancellationToken);
        var distribution = moving.Scatter(evolution.Distribution, rates.States);
        var occupancy = moving.Scatter(evolution.Occupancy, rates.States);
        for (var state = 0; state < rates.States; state++)
        {
            if (rates.ExitRates[state] == 0)
            {
                distribution[state] = _chain.Initial[state];
                occupancy[state] = _chain.Initial[state] * time;
            }
        }

        for (var i = 0; i < moving.Count; i++)
        {
            for (var k = rates.RowStarts[moving.States[i]]; k < rates.RowStarts[moving.States[i] + 1]; k++)
            {
                var target = rates.Columns[k];
                if (rates.ExitRates[target] == 0)
                {
                    distribution[target] += evolution.Occupancy[i] * rates.Rates[k];
                    occupancy[target] += evolution.SecondOccupancy[i] * rates.Rates[k];
                }
            }
        }

        return new TransientSolution(time, distribution, occupancy, evolution);
    }

    /// <summary>The long run of the chain, from its initial distribution.</summary>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <returns>The long-run probabilities.</returns>
    /// <exception cref="NotConvergedException">A large part needs more sweeps than allowed.</exception>
    public SteadyStateSolution SteadyState(CancellationToken cancellationToken)
    {
        var components = Components.Find(_chain.Rates, _chain.Initial);
        var bottoms = components.Bottoms();
        var probabilities = ProbabilitiesOf(components, bottoms, cancellationToken);
        var distribution = new double[_chain.States];
        var (sweeps, residual) = (0, 0.0);
        for (var component = 0; component < bottoms.Length; component++)
        {
            if (probabilities[component] > 0)
            {
                var part = Part(components, component);
                var stationary = StationarySolver.Solve(part, SteadyStates, cancellationToken);
                for (var i = 0; i < part.Count; i++)
                {
                    distribution[part.States[i]] = probabilities[component] * stationary.Distribution[i];
                }

                (sweeps, residual) = (sweeps + stationary.Sweeps, Math.Max(residual, stationary.Residual));
            }
        }

        return new SteadyStateSolution(distribution, sweeps, residual);
    }

    /// <summary>What happens before the chain first enters a set, however long that takes.</summary>
    /// <param name="target">The set.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <returns>The probability and the expected times.</returns>
    public AbsorptionSolution Absorption(StateSet target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Absorption(target, target.Complement(), _chain.Initial, cancellationToken);
    }

    /// <summary>The probability of entering a set within a time.</summary>
    /// <param name="target">The set.</param>
    /// <param name="time">The time; infinity asks whether it is ever entered.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <returns>The probability; the unreliability when the set is failure.</returns>
    public double Reach(StateSet target, double time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Until(target.Complement(), target, 0, time, cancellationToken);
    }

    /// <summary>
    /// The probability that the chain enters <paramref name="right"/> at a time between two bounds and is in
    /// <paramref name="left"/> all the time before.
    /// </summary>
    /// <param name="left">Where it must be before.</param>
    /// <param name="right">What it must reach.</param>
    /// <param name="from">The earliest time: finite, zero or more.</param>
    /// <param name="to">The latest time: not before <paramref name="from"/>; may be infinite.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <returns>The probability (the path formula "left U[from,to] right" of continuous stochastic logic).</returns>
    public double Until(StateSet left, StateSet right, double from, double to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        Require.Rate(from, "The earliest time");
        if (!(to >= from))
        {
            throw new ArgumentOutOfRangeException(nameof(to), to, $"The latest time is before the earliest, {from}.");
        }

        left.CheckBelongsTo(_chain.Rates);
        right.CheckBelongsTo(_chain.Rates);
        var start = _chain.Initial.ToArray();
        if (from > 0)
        {
            var waiting = SubChain.Of(_chain.Rates, start, left.AsSpan());
            var evolution = TransientSolver.Run(waiting, waiting.Gather(start), from, Transients, cancellationToken);
            start = waiting.Scatter(evolution.Distribution, _chain.States);
        }

        return double.IsInfinity(to)
            ? Absorption(right, left, start, cancellationToken).Probability
            : UntilFrom(start, left, right, to - from, cancellationToken);
    }

    private double UntilFrom(
        double[] start, StateSet left, StateSet right, double time, CancellationToken cancellationToken)
    {
        var keep = new bool[_chain.States];
        var reached = 0.0;
        for (var i = 0; i < keep.Length; i++)
        {
            keep[i] = left.Contains(i) && !right.Contains(i);
            reached += right.Contains(i) ? start[i] : 0;
        }

        var searching = SubChain.Of(_chain.Rates, start, keep);
        var evolution = TransientSolver.Run(searching, searching.Gather(start), time, Transients, cancellationToken);
        var entries = Entries(searching, evolution.Occupancy, right);
        return Math.Min(1, reached + Vectors.Sum(entries));
    }

    private AbsorptionSolution Absorption(
        StateSet target, StateSet before, ReadOnlySpan<double> start, CancellationToken cancellationToken)
    {
        target.CheckBelongsTo(_chain.Rates);
        var keep = Backwards.Reach(_chain.Rates, target, before);
        var searching = SubChain.Of(_chain.Rates, start, keep);
        var occupancy = new double[searching.Count];
        if (searching.Count > 0)
        {
            (occupancy, _) = Regeneration.Solve(searching, searching.Gather(start), SteadyStates, cancellationToken);
        }

        var entries = Entries(searching, occupancy, target);
        var certain = true;
        for (var i = 0; i < start.Length; i++)
        {
            entries[i] += target.Contains(i) ? start[i] : 0;
            certain &= start[i] == 0 || target.Contains(i) || keep[i];
        }

        foreach (var state in searching.States)
        {
            for (var k = _chain.Rates.RowStarts[state]; k < _chain.Rates.RowStarts[state + 1]; k++)
            {
                var next = _chain.Rates.Columns[k];
                certain &= keep[next] || target.Contains(next);
            }
        }

        return new AbsorptionSolution(
            searching.Scatter(occupancy, _chain.States), entries, certain, Math.Min(1, Vectors.Sum(start)));
    }

    private double[] Entries(SubChain part, double[] occupancy, StateSet target)
    {
        var rates = _chain.Rates;
        var entries = new double[rates.States];
        for (var i = 0; i < part.Count; i++)
        {
            for (var k = rates.RowStarts[part.States[i]]; k < rates.RowStarts[part.States[i] + 1]; k++)
            {
                if (target.Contains(rates.Columns[k]))
                {
                    entries[rates.Columns[k]] += occupancy[i] * rates.Rates[k];
                }
            }
        }

        return entries;
    }

    private double[] ProbabilitiesOf(Components components, bool[] bottoms, CancellationToken cancellationToken)
    {
        var probabilities = new double[bottoms.Length];
        if (bottoms.Count(bottom => bottom) == 1)
        {
            probabilities[Array.IndexOf(bottoms, true)] = 1;
            return probabilities;
        }

        var ends = new bool[_chain.States];
        for (var state = 0; state < ends.Length; state++)
        {
            ends[state] = components.Of(state) >= 0 && bottoms[components.Of(state)];
        }

        var entries = Absorption(new StateSet(ends), cancellationToken).EntryDistribution;
        for (var state = 0; state < ends.Length; state++)
        {
            if (ends[state])
            {
                probabilities[components.Of(state)] += entries[state];
            }
        }

        return probabilities;
    }

    private SubChain Part(Components components, int component)
    {
        var keep = new bool[_chain.States];
        for (var state = 0; state < keep.Length; state++)
        {
            keep[state] = components.Of(state) == component;
        }

        var first = new double[_chain.States];
        first[Array.IndexOf(keep, true)] = 1;
        return SubChain.Of(_chain.Rates, first, keep);
    }
}
