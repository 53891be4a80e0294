namespace Continuity.Reliability.Markov;

/// <summary>The long run of a chain: the part of its time it spends in each state.</summary>
public sealed class SteadyStateSolution
{
    private readonly double[] _distribution;

    internal SteadyStateSolution(double[] distribution, int sweeps, double residual)
    {
        _distribution = distribution;
        Sweeps = sweeps;
        Residual = residual;
    }

    /// <summary>The long-run probability of each state; zero for those that are left for good.</summary>
    public ReadOnlySpan<double> Distribution => _distribution;

    /// <summary>The sweeps over all states that it took; zero when it was solved by elimination.</summary>
    public int Sweeps { get; }

    /// <summary>
    /// The largest relative difference, over all recurrent states, between the flow into a state and out of it.
    /// </summary>
    public double Residual { get; }

    /// <summary>The long-run probability of a set.</summary>
    /// <param name="states">The set.</param>
    /// <returns>The sum over its members, so that a tiny probability keeps its digits.</returns>
    public double Probability(StateSet states) => TransientSolution.Sum(_distribution, states);

    /// <summary>The long-run reward per unit of time.</summary>
    /// <param name="rewards">What a unit of time in each state earns.</param>
    /// <returns>The average.</returns>
    public double Expected(ReadOnlySpan<double> rewards) => TransientSolution.Weigh(_distribution, rewards);

    /// <summary>How often per unit of time the chain enters a set in the long run.</summary>
    /// <param name="rates">The rates of the chain.</param>
    /// <param name="states">The set.</param>
    /// <returns>The flow from outside into the set.</returns>
    public double EntryRate(RateMatrix rates, StateSet states)
    {
        ArgumentNullException.ThrowIfNull(rates);
        ArgumentNullException.ThrowIfNull(states);
        states.CheckBelongsTo(rates);
        var flow = 0.0;
        for (var i = 0; i < rates.States; i++)
        {
            for (var k = rates.RowStarts[i]; !states.Contains(i) && k < rates.RowStarts[i + 1]; k++)
            {
                flow += states.Contains(rates.Columns[k]) ? _distribution[i] * rates.Rates[k] : 0;
            }
        }

        return flow;
    }
}
