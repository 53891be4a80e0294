namespace Continuity.Reliability.Markov;

/// <summary>What happens to a chain before it first enters a set of states.</summary>
public sealed class AbsorptionSolution
{
    private readonly double[] _occupancy;
    private readonly double[] _entries;

    internal AbsorptionSolution(double[] occupancy, double[] entries, bool certain, double started)
    {
        _occupancy = occupancy;
        _entries = entries;
        IsCertain = certain;
        Probability = certain ? started : Math.Min(started, Vectors.Sum(entries));
        MeanTime = certain ? Vectors.Sum(occupancy) : double.PositiveInfinity;
    }

    /// <summary>The probability of ever entering the set.</summary>
    public double Probability { get; }

    /// <summary>Whether the set is entered with certainty, decided on the graph and not on rounded numbers.</summary>
    public bool IsCertain { get; }

    /// <summary>The expected time until the set is entered: the MTTF when the set is failure; infinite unless that is
    /// certain.</summary>
    public double MeanTime { get; }

    /// <summary>
    /// The expected time in each state before the set is entered; of states from which it cannot be entered, none is
    /// counted.
    /// </summary>
    public ReadOnlySpan<double> Occupancy => _occupancy;

    /// <summary>The probability that the set is entered through each of its states.</summary>
    public ReadOnlySpan<double> EntryDistribution => _entries;

    /// <summary>The expected reward earned before the set is entered.</summary>
    /// <param name="rewards">What a unit of time in each state earns.</param>
    /// <returns>The expectation; infinite unless the set is entered with certainty.</returns>
    public double Accumulated(ReadOnlySpan<double> rewards) => IsCertain
        ? TransientSolution.Weigh(_occupancy, rewards)
        : double.PositiveInfinity;
}
