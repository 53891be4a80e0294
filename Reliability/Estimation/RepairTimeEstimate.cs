using Continuity.Reliability.Distributions;
using MathNet.Numerics.Distributions;

namespace Continuity.Reliability.Estimation;

/// <summary>
/// Lognormal repair times after measuring some: the mean and variance of the logarithm have the normal-inverse-gamma
/// distribution (the conjugate of the normal with both unknown).
/// </summary>
/// <remarks>Source: A. Gelman and others, Bayesian Data Analysis, third edition, section 3.3.</remarks>
public sealed class RepairTimeEstimate
{
    // Fixed: an estimate of the same evidence has the same digits every time.
    private const int Draws = 20_000;

    private readonly double _weight;
    private readonly double _freedom;
    private readonly double _logMean;
    private readonly double _variance;

    internal RepairTimeEstimate(RepairTimePrior prior, double[] hours)
    {
        Require.Positive(prior.MedianHours, "The median of a prior");
        Require.Positive(prior.LogDeviation, "The deviation of a prior");
        Require.Positive(prior.Repairs, "The number of repairs of a prior");
        (Prior, Repairs) = (prior, hours.Length);
        var logs = Array.ConvertAll(hours, Math.Log);
        var mean = logs.Length == 0 ? 0 : logs.Average();
        var known = Math.Log(prior.MedianHours);
        _weight = prior.Repairs + logs.Length;
        _freedom = prior.Repairs + logs.Length;
        _logMean = ((prior.Repairs * known) + (logs.Length * mean)) / _weight;
        var squares = (prior.Repairs * prior.LogDeviation * prior.LogDeviation)
            + logs.Sum(log => (log - mean) * (log - mean))
            + (prior.Repairs * logs.Length / _weight * (mean - known) * (mean - known));
        _variance = squares / _freedom;
    }

    /// <summary>What was known before.</summary>
    public RepairTimePrior Prior { get; }

    /// <summary>The repairs measured.</summary>
    public int Repairs { get; }

    /// <summary>Repair times in hours, at the most probable parameters.</summary>
    public LognormalDistribution Hours => new(_logMean, Math.Sqrt(_variance));

    /// <summary>The mean time to repair (MTTR) in hours, at those parameters.</summary>
    public double MeanHours => Hours.Mean;

    /// <summary>Where the median is, with a probability: Student's t on the logarithm, exact.</summary>
    /// <param name="level">The probability, for example 0.9.</param>
    public ValueRange MedianInterval(double level)
    {
        Require.Open(level, "The level");
        var margin = StudentT.InvCDF(0, 1, _freedom, (1 + level) / 2) * Math.Sqrt(_variance / _weight);
        return new ValueRange(Math.Exp(_logMean - margin), Math.Exp(_logMean + margin));
    }

    /// <summary>Where the mean time to repair is, with a probability: by 20,000 draws with a fixed seed.</summary>
    /// <param name="level">The probability, for example 0.9.</param>
    /// <remarks>Wide with few repairs: a lognormal's mean is made by its longest.</remarks>
    public ValueRange MeanInterval(double level)
    {
        Require.Open(level, "The level");
        var means = new double[Draws];
        var precision = new GammaDistribution(_freedom / 2, _freedom * _variance / 2).FromScore();
        var scores = new Uncertainty.SampleStream(0, 0);
        var others = new Uncertainty.SampleStream(0, 1);
        for (var i = 0; i < means.Length; i++)
        {
            var variance = 1 / precision(Distribution.ScoreOf(scores.Uniform(i)));
            var logMean = _logMean + (Distribution.ScoreOf(others.Uniform(i)) * Math.Sqrt(variance / _weight));
            means[i] = Math.Exp(logMean + (variance / 2));
        }

        Array.Sort(means);
        return new ValueRange(
            means[(int)((1 - level) / 2 * (Draws - 1))], means[(int)((1 + level) / 2 * (Draws - 1))]);
    }
}
