using Continuity.Reliability.Distributions;

namespace Continuity.Reliability.Tests.Distributions;

public sealed class DistributionTests
{
    private static readonly double[] _probabilities = [1e-12, 1e-6, 0.01, 0.05, 0.3, 0.5, 0.8, 0.95, 0.999];

    public static TheoryData<Distribution> All =>
    [
        new GammaDistribution(0.5, 21.2e6),
        new GammaDistribution(148.5, 21.2e6),
        new GammaDistribution(1, 1),
        new GammaDistribution(20_000, 3),
        new BetaDistribution(0.5, 0.5),
        new BetaDistribution(58.5, 2.5),
        new BetaDistribution(1, 9),
        new BetaDistribution(3e5, 2e2),
        new LognormalDistribution(-7, 1.4),
        new NormalDistribution(3, 2),
        new UniformDistribution(-1, 4),
    ];

    [Fact]
    public void ScoresFromTheTable_AreTheExactOnesToNineDigits()
    {
        var before = double.NegativeInfinity;
        for (var i = 1; i < 100_000; i++)
        {
            var probability = i / 100_000.0;
            var score = NormalScores.Of(probability);

            Assert.True(score > before, $"not rising at {probability:R}");
            Assert.InRange(score - Distribution.ScoreOf(probability), -1e-9, 1e-9);
            before = score;
        }

        Assert.Equal(Distribution.ScoreOf(1e-300), NormalScores.Of(1e-300));
        Assert.Equal(Distribution.ScoreOf(1 - 1.2e-16), NormalScores.Of(1 - 1.2e-16));
    }

    [Fact]
    public void Gamma_OfShapeOne_IsTheExponential() => Assert.All(
        _probabilities,
        p => Close.Assert(
            -Numerics.Stable.LogOnePlus(-p) / 3, new GammaDistribution(1, 3).Quantile(p), 1e-11));

    [Fact]
    public void Gamma_OfShapeTwo_InvertsItsClosedForm()
    {
        var distribution = new GammaDistribution(2, 5);

        Assert.All(
            _probabilities.Skip(2),
            p =>
            {
                var x = 5 * distribution.Quantile(p);
                Close.Assert(1 - p, (1 + x) * Math.Exp(-x), 1e-11);
            });
    }

    [Fact]
    public void Beta_WithAOne_InvertsItsPowers() => Assert.All(
        _probabilities,
        p =>
        {
            Close.Assert(Math.Pow(p, 1 / 7.0), new BetaDistribution(7, 1).Quantile(p), 1e-11);
            Close.Assert(
                -Numerics.Stable.ExpMinusOne(Numerics.Stable.LogOnePlus(-p) / 7),
                new BetaDistribution(1, 7).Quantile(p),
                1e-10);
        });

    [Fact]
    public void TinyShape_ReachesBelowTheRangeOfDoubles()
    {
        var distribution = new GammaDistribution(0.01, 1);

        Assert.Equal(0, distribution.Quantile(1e-12));
        Close.Assert(
            Math.Exp((Math.Log(0.2) + MathNet.Numerics.SpecialFunctions.GammaLn(1.01)) / 0.01),
            distribution.Quantile(0.2),
            1e-10);
    }

    [Fact]
    public void Lognormal_IsGivenByMedianOrMeanAndErrorFactor()
    {
        var byMedian = LognormalDistribution.FromMedian(1e-4, 10);
        var byMean = LognormalDistribution.FromMean(1e-4, 10);

        Close.Assert(1e-3, byMedian.Quantile(0.95), 1e-12);
        Close.Assert(1e-5, byMedian.Quantile(0.05), 1e-12);
        Close.Assert(1e-4, byMean.Mean, 1e-13);
        Close.Assert(10, byMean.Quantile(0.95) / byMean.Median, 1e-12);
        Close.Assert(
            byMean.Mean * Math.Sqrt(Math.Exp(byMean.LogDeviation * byMean.LogDeviation) - 1),
            byMean.StandardDeviation,
            1e-12);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Scores_GiveTheQuantiles(Distribution distribution)
    {
        var value = distribution.FromScore();

        for (var score = -5.03; score < 5.1; score += 0.173)
        {
            var expected = distribution.Quantile(Distribution.ProbabilityOf(score));
            Close.Assert(expected, value(score), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Moments_AreThoseOfTheQuantiles(Distribution distribution)
    {
        // The trapezoidal rule over the score is exact to many digits: the normal weight dies away at both ends.
        var value = distribution.FromScore();
        var (mean, square) = (0.0, 0.0);
        const double Step = 1.0 / 64;
        for (var score = -8.5; score <= 8.5; score += Step)
        {
            var weight = Step * Math.Exp(-score * score / 2) / Math.Sqrt(2 * Math.PI);
            mean += weight * value(score);
            square += weight * (value(score) - distribution.Mean) * (value(score) - distribution.Mean);
        }

        Close.Assert(distribution.Mean, mean, 1e-6);
        Close.Assert(distribution.StandardDeviation, Math.Sqrt(square), 1e-5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void UnusableNumbers_AreRefused(double bad)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GammaDistribution(bad, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BetaDistribution(1, bad));
        Assert.Throws<ArgumentOutOfRangeException>(() => LognormalDistribution.FromMean(1, bad));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NormalDistribution(0, bad == 0 ? -1 : bad));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UniformDistribution(1, bad));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UniformDistribution(0, 1).Quantile(bad));
    }
}
