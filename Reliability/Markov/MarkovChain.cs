namespace Continuity.Reliability.Markov;

/// <summary>A continuous-time Markov chain: rates between states, and where it starts.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class MarkovChain
{
    private const double SumTolerance = 1e-9;

    private readonly double[] _initial;

    /// <summary>Makes a chain that starts in a distribution over its states.</summary>
    /// <param name="rates">The rates.</param>
    /// <param name="initial">A probability per state; they add up to one within 1e-9. Copied.</param>
    /// <exception cref="ArgumentException">The sizes differ, or it is no distribution.</exception>
    public MarkovChain(RateMatrix rates, ReadOnlySpan<double> initial)
    {
        ArgumentNullException.ThrowIfNull(rates);
        if (initial.Length != rates.States)
        {
            throw new ArgumentException(
                $"There are {rates.States} states but {initial.Length} initial probabilities.", nameof(initial));
        }

        var sum = 0.0;
        for (var i = 0; i < initial.Length; i++)
        {
            Require.Probability(initial[i], $"The initial probability of state {i}");
            sum += initial[i];
        }

        if (Math.Abs(sum - 1) > SumTolerance)
        {
            throw new ArgumentException($"The initial probabilities add up to {sum}, not to 1.", nameof(initial));
        }

        Rates = rates;
        _initial = initial.ToArray();
    }

    /// <summary>Makes a chain that starts in one state.</summary>
    /// <param name="rates">The rates.</param>
    /// <param name="state">The number of the state it starts in.</param>
    /// <returns>The chain.</returns>
    public static MarkovChain StartingIn(RateMatrix rates, int state)
    {
        ArgumentNullException.ThrowIfNull(rates);
        ArgumentOutOfRangeException.ThrowIfNegative(state);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(state, rates.States);
        var initial = new double[rates.States];
        initial[state] = 1;
        return new MarkovChain(rates, initial);
    }

    /// <summary>The rates between the states.</summary>
    public RateMatrix Rates { get; }

    /// <summary>The number of states.</summary>
    public int States => Rates.States;

    /// <summary>The probability of each state at time zero.</summary>
    public ReadOnlySpan<double> Initial => _initial;
}
