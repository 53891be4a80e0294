using MathNet.Numerics;

namespace Continuity.Reliability.Distributions;

/// <summary>
/// The beta distribution with density proportional to x^(alpha - 1) (1 - x)^(beta - 1) on 0 to 1: what is known of a
/// probability after <see cref="Alpha"/> successes and <see cref="Beta"/> failures.
/// </summary>
public sealed record BetaDistribution : Distribution
{
    /// <summary>Makes a distribution.</summary>
    /// <param name="alpha">Above zero.</param>
    /// <param name="beta">Above zero.</param>
    public BetaDistribution(double alpha, double beta)
    {
        Require.Positive(alpha, "Alpha");
        Require.Positive(beta, "Beta");
        (Alpha, Beta) = (alpha, beta);
    }

    /// <summary>The exponent at 0, plus one.</summary>
    public double Alpha { get; }

    /// <summary>The exponent at 1, plus one.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    public override double Mean => Alpha / (Alpha + Beta);

    /// <inheritdoc/>
    public override double StandardDeviation
    {
        get
        {
            var sum = Alpha + Beta;
            return Math.Sqrt(Alpha / sum * (Beta / sum) / (sum + 1));
        }
    }

    private protected override double ValueAt(double probability) =>
        Math.Exp(Tails().LogQuantile(probability, 1 - probability));

    internal override Func<double, double> FromScore()
    {
        var table = new ScoreTable(Tails());
        return score => Math.Exp(table.LogValue(score));
    }

    private LogTails Tails()
    {
        var (alpha, beta) = (Alpha, Beta);
        var logBeta = SpecialFunctions.BetaLn(alpha, beta);
        return new LogTails
        {
            Lower = x => SpecialFunctions.BetaRegularized(alpha, beta, x),
            Upper = x => SpecialFunctions.BetaRegularized(beta, alpha, 1 - x),
            LogDensity = (x, log) => (alpha * log) + ((beta - 1) * Numerics.Stable.LogOnePlus(-x)) - logBeta,
            Power = alpha,
            LogCoefficient = -logBeta - Math.Log(alpha),
            LogStart = Math.Log(Mean),
            LogLimit = 0,
        };
    }
}
