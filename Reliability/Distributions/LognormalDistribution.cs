using Continuity.Reliability.Numerics;

namespace Continuity.Reliability.Distributions;

/// <summary>A number whose logarithm is normal: the usual form for rates and repair times known to a factor.</summary>
public sealed record LognormalDistribution : Distribution
{
    /// <summary>The quantile that an error factor refers to unless another is given.</summary>
    public const double UsualLevel = 0.95;

    /// <summary>Makes a distribution from the mean and deviation of the logarithm.</summary>
    /// <param name="logMean">The mean of the natural logarithm: the logarithm of the median.</param>
    /// <param name="logDeviation">Its standard deviation, zero or more.</param>
    public LognormalDistribution(double logMean, double logDeviation)
    {
        Require.Finite(logMean, "The mean of the logarithm");
        Require.Rate(logDeviation, "The deviation of the logarithm");
        (LogMean, LogDeviation) = (logMean, logDeviation);
    }

    /// <summary>The mean of the natural logarithm.</summary>
    public double LogMean { get; }

    /// <summary>The standard deviation of the natural logarithm.</summary>
    public double LogDeviation { get; }

    /// <summary>The value that half of the probability lies below.</summary>
    public double Median => Math.Exp(LogMean);

    /// <inheritdoc/>
    public override double Mean => Math.Exp(LogMean + (LogDeviation * LogDeviation / 2));

    /// <inheritdoc/>
    public override double StandardDeviation => Mean * Math.Sqrt(Stable.ExpMinusOne(LogDeviation * LogDeviation));

    /// <summary>Makes a distribution from its median and error factor.</summary>
    /// <param name="median">Above zero.</param>
    /// <param name="errorFactor">The quantile at <paramref name="level"/> divided by the median; 1 or more.</param>
    /// <param name="level">Above 0.5 and below 1.</param>
    public static LognormalDistribution FromMedian(double median, double errorFactor, double level = UsualLevel)
    {
        Require.Positive(median, "The median");
        return new LognormalDistribution(Math.Log(median), Deviation(errorFactor, level));
    }

    /// <summary>Makes a distribution from its mean and error factor: the Open-PSA "lognormal-deviate".</summary>
    /// <param name="mean">Above zero.</param>
    /// <param name="errorFactor">The quantile at <paramref name="level"/> divided by the median; 1 or more.</param>
    /// <param name="level">Above 0.5 and below 1.</param>
    public static LognormalDistribution FromMean(double mean, double errorFactor, double level = UsualLevel)
    {
        Require.Positive(mean, "The mean");
        var deviation = Deviation(errorFactor, level);
        return new LognormalDistribution(Math.Log(mean) - (deviation * deviation / 2), deviation);
    }

    private static double Deviation(double errorFactor, double level)
    {
        if (!(errorFactor >= 1) || double.IsInfinity(errorFactor))
        {
            throw new ArgumentOutOfRangeException(
                nameof(errorFactor), errorFactor, $"The error factor is {errorFactor}; it must be finite, 1 or more.");
        }

        if (!(level > 0.5 && level < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(level), level, $"The level is {level}; it must be above 0.5 and below 1.");
        }

        return Math.Log(errorFactor) / ScoreOf(level);
    }

    private protected override double ValueAt(double probability) =>
        Math.Exp(LogMean + (LogDeviation * ScoreOf(probability)));

    internal override Func<double, double> FromScore()
    {
        var (mean, deviation) = (LogMean, LogDeviation);
        return score => Math.Exp(mean + (deviation * score));
    }
}
