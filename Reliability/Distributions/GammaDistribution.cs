using MathNet.Numerics;

namespace Continuity.Reliability.Distributions;

/// <summary>
/// The gamma distribution with density rate^shape x^(shape - 1) exp(-rate x) / Gamma(shape): what is known of a
/// constant failure rate after <see cref="Shape"/> failures in <see cref="Rate"/> hours.
/// </summary>
public sealed record GammaDistribution : Distribution
{
    /// <summary>Makes a distribution.</summary>
    /// <param name="shape">Above zero.</param>
    /// <param name="rate">Above zero: the inverse of the scale.</param>
    public GammaDistribution(double shape, double rate)
    {
        Require.Positive(shape, "The shape");
        Require.Positive(rate, "The rate");
        (Shape, Rate) = (shape, rate);
    }

    /// <summary>The shape.</summary>
    public double Shape { get; }

    /// <summary>The inverse of the scale.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public override double Mean => Shape / Rate;

    /// <inheritdoc/>
    public override double StandardDeviation => Math.Sqrt(Shape) / Rate;

    private protected override double ValueAt(double probability) =>
        Math.Exp(Tails().LogQuantile(probability, 1 - probability)) / Rate;

    internal override Func<double, double> FromScore()
    {
        var table = new ScoreTable(Tails());
        var rate = Rate;
        return score => Math.Exp(table.LogValue(score)) / rate;
    }

    // The library's function is 0 below 1e-15; the first terms of its series are exact to all digits there.
    private static double LowerTail(double shape, double logGamma, double x) => x > 1e-9
        ? SpecialFunctions.GammaLowerRegularized(shape, x)
        : Math.Exp((shape * Math.Log(x)) - logGamma) / shape * (1 - (shape * x / (shape + 1)));

    // At rate 1: the rate only scales the result.
    private LogTails Tails()
    {
        var shape = Shape;
        var logGamma = SpecialFunctions.GammaLn(shape);
        return new LogTails
        {
            Lower = x => LowerTail(shape, logGamma, x),
            Upper = x => SpecialFunctions.GammaUpperRegularized(shape, x),
            LogDensity = (x, log) => (shape * log) - x - logGamma,
            Power = shape,
            LogCoefficient = -logGamma - Math.Log(shape),
            LogStart = Math.Log(shape),
            LogLimit = double.PositiveInfinity,
        };
    }
}
