namespace Continuity.Reliability.Distributions;

/// <summary>Every value between two bounds is as likely as every other.</summary>
public sealed record UniformDistribution : Distribution
{
    /// <summary>Makes a distribution.</summary>
    /// <param name="lower">Finite.</param>
    /// <param name="upper">Finite, not below <paramref name="lower"/>.</param>
    public UniformDistribution(double lower, double upper)
    {
        Require.Finite(lower, "The lower bound");
        Require.Finite(upper, "The upper bound");
        if (upper < lower)
        {
            throw new ArgumentOutOfRangeException(
                nameof(upper), upper, $"The upper bound is {upper}, below the lower bound {lower}.");
        }

        (Lower, Upper) = (lower, upper);
    }

    /// <summary>The smallest value.</summary>
    public double Lower { get; }

    /// <summary>The largest value.</summary>
    public double Upper { get; }

    /// <inheritdoc/>
    public override double Mean => Lower + ((Upper - Lower) / 2);

    /// <inheritdoc/>
    public override double StandardDeviation => (Upper - Lower) / Math.Sqrt(12);

    private protected override double ValueAt(double probability) => Lower + ((Upper - Lower) * probability);

    internal override Func<double, double> FromScore()
    {
        var (lower, width) = (Lower, Upper - Lower);
        return score => lower + (width * ProbabilityOf(score));
    }
}
