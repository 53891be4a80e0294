namespace Continuity.Reliability.Markov;

/// <summary>A chain at one time, and what it did until then.</summary>
public sealed class TransientSolution
{
    private readonly double[] _distribution;
    private readonly double[] _occupancy;

    internal TransientSolution(double time, double[] distribution, double[] occupancy, Evolution evolution)
    {
        Time = time;
        _distribution = distribution;
        _occupancy = occupancy;
        Steps = evolution.Steps;
        ErrorBound = evolution.ErrorBound;
    }

    /// <summary>The time asked about, in the unit of the rates.</summary>
    public double Time { get; }

    /// <summary>The probability of each state at <see cref="Time"/>.</summary>
    public ReadOnlySpan<double> Distribution => _distribution;

    /// <summary>The expected time spent in each state until <see cref="Time"/>.</summary>
    public ReadOnlySpan<double> Occupancy => _occupancy;

    /// <summary>The vector-matrix products, or doublings of the step, that it took.</summary>
    public int Steps { get; }

    /// <summary>A bound on the relative error of continuing a settled shape in closed form; zero if nothing was.
    /// </summary>
    public double ErrorBound { get; }

    /// <summary>The probability of being in a set at <see cref="Time"/>.</summary>
    /// <param name="states">The set.</param>
    /// <returns>The sum over its members, so that a tiny probability keeps its digits.</returns>
    public double Probability(StateSet states) => Sum(_distribution, states);

    /// <summary>The expected time spent in a set until <see cref="Time"/>.</summary>
    /// <param name="states">The set.</param>
    /// <returns>The sum over its members.</returns>
    public double TimeIn(StateSet states) => Sum(_occupancy, states);

    /// <summary>The expected reward at <see cref="Time"/>: sum of probability times reward.</summary>
    /// <param name="rewards">One per state.</param>
    /// <returns>The expectation.</returns>
    public double Expected(ReadOnlySpan<double> rewards) => Weigh(_distribution, rewards);

    /// <summary>The expected reward earned until <see cref="Time"/>: sum of time in a state times reward.</summary>
    /// <param name="rewards">What a unit of time in each state earns.</param>
    /// <returns>The expectation.</returns>
    public double Accumulated(ReadOnlySpan<double> rewards) => Weigh(_occupancy, rewards);

    internal static double Sum(ReadOnlySpan<double> values, StateSet states)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentOutOfRangeException.ThrowIfNotEqual(states.States, values.Length);
        var sum = 0.0;
        var members = states.AsSpan();
        for (var i = 0; i < values.Length; i++)
        {
            sum += members[i] ? values[i] : 0;
        }

        return sum;
    }

    internal static double Weigh(ReadOnlySpan<double> values, ReadOnlySpan<double> rewards)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rewards.Length, values.Length);
        return Vectors.Dot(values, rewards);
    }
}
