namespace Continuity.Reliability.Distributions;

/// <summary>The normal distribution. It reaches below zero: a sampler that needs a probability clips it.</summary>
public sealed record NormalDistribution : Distribution
{
    /// <summary>Makes a distribution.</summary>
    /// <param name="mean">Finite.</param>
    /// <param name="standardDeviation">Finite, zero or more.</param>
    public NormalDistribution(double mean, double standardDeviation)
    {
        Require.Finite(mean, "The mean");
        Require.Rate(standardDeviation, "The standard deviation");
        (Mean, StandardDeviation) = (mean, standardDeviation);
    }

    /// <inheritdoc/>
    public override double Mean { get; }

    /// <inheritdoc/>
    public override double StandardDeviation { get; }

    private protected override double ValueAt(double probability) =>
        Mean + (StandardDeviation * ScoreOf(probability));

    internal override Func<double, double> FromScore()
    {
        var (mean, deviation) = (Mean, StandardDeviation);
        return score => mean + (deviation * score);
    }
}
