using MathNet.Numerics.Distributions;

namespace Continuity.Reliability.Distributions;

/// <summary>What is known about a number that is not known exactly: a rate, a probability, a time.</summary>
/// <remarks>Immutable; safe for use by many threads.</remarks>
public abstract record Distribution
{
    private protected Distribution()
    {
    }

    /// <summary>The mean.</summary>
    public abstract double Mean { get; }

    /// <summary>The standard deviation.</summary>
    public abstract double StandardDeviation { get; }

    /// <summary>The value that the number stays below with a given probability.</summary>
    /// <param name="probability">Above 0 and below 1.</param>
    public double Quantile(double probability)
    {
        Require.Open(probability, "The probability");
        return ValueAt(probability);
    }

    /// <summary>The range between two quantiles that leaves out the same probability on either side.</summary>
    /// <param name="level">How probably the number is in it: above 0, below 1; 0.9 is usual.</param>
    public ValueRange Interval(double level)
    {
        Require.Open(level, "The level");
        return new ValueRange(ValueAt((1 - level) / 2), ValueAt((1 + level) / 2));
    }

    private protected abstract double ValueAt(double probability);

    /// <summary>The value as a function of a standard normal score: what a sampler calls once a sample.</summary>
    /// <remarks>
    /// The quantile of Phi(z). Scores rather than probabilities, so that values can be correlated, and because both
    /// tails of a score have all their digits.
    /// </remarks>
    internal abstract Func<double, double> FromScore();

    internal static double ScoreOf(double probability) => Normal.InvCDF(0, 1, probability);

    internal static double ProbabilityOf(double score) => Normal.CDF(0, 1, score);
}
