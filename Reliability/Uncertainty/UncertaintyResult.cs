using Continuity.Reliability.Distributions;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Continuity.Reliability.Uncertainty;

/// <summary>The probability of a model's top as a distribution: what is known, given what is known of its parameters.
/// </summary>
/// <remarks>Immutable; safe for use by many threads.</remarks>
public sealed class UncertaintyResult
{
    private readonly double[] _sorted;

    internal UncertaintyResult(double[] samples, long clipped)
    {
        Clipped = clipped;

        // Summed in the order of the samples, and about their mean: the same digits whoever computed them.
        var mean = 0.0;
        foreach (var sample in samples)
        {
            mean += sample;
        }

        mean /= samples.Length;
        var (squares, rest) = (0.0, 0.0);
        foreach (var sample in samples)
        {
            squares += (sample - mean) * (sample - mean);
            rest += sample - mean;
        }

        Mean = mean + (rest / samples.Length);
        StandardDeviation = Math.Sqrt(squares / (samples.Length - 1));
        Array.Sort(samples);
        _sorted = samples;
    }

    /// <summary>The number of samples.</summary>
    public int Samples => _sorted.Length;

    /// <summary>The mean.</summary>
    public double Mean { get; }

    /// <summary>The standard deviation of the probability itself, as far as the parameters leave it open.</summary>
    public double StandardDeviation { get; }

    /// <summary>The standard error of <see cref="Mean"/> that comes from having few samples.</summary>
    /// <remarks>
    /// That of independent samples. A Latin hypercube's is smaller for a top that grows with every event (McKay,
    /// Beckman and Conover 1979), so intervals built on this one are wide enough there.
    /// </remarks>
    public double StandardError => StandardDeviation / Math.Sqrt(Samples);

    /// <summary>How many sampled probabilities fell outside 0 to 1 and were clipped; many of them mean that the
    /// distributions are not fit for probabilities.</summary>
    public long Clipped { get; }

    /// <summary>All samples in ascending order.</summary>
    public ReadOnlySpan<double> Sorted => _sorted;

    /// <summary>The square root of the 0.95 quantile over the 0.05 quantile: within what factor the value is known.
    /// </summary>
    public double ErrorFactor => Math.Sqrt(Quantile(0.95) / Quantile(0.05));

    /// <summary>The value that the probability stays below with a given probability.</summary>
    /// <param name="probability">0 to 1.</param>
    /// <remarks>Between order statistics in proportion (Hyndman and Fan's seventh definition).</remarks>
    public double Quantile(double probability)
    {
        Require.Probability(probability, "The probability");
        var place = probability * (Samples - 1);
        var index = Math.Min((int)place, Samples - 2);
        return _sorted[index] + ((place - index) * (_sorted[index + 1] - _sorted[index]));
    }

    /// <summary>Where the mean would be with any number of samples, by Student's t.</summary>
    /// <param name="level">The confidence, for example 0.95.</param>
    public ValueRange MeanInterval(double level)
    {
        Require.Open(level, "The level");
        var margin = StudentT.InvCDF(0, 1, Samples - 1, (1 + level) / 2) * StandardError;
        return new ValueRange(Mean - margin, Mean + margin);
    }

    /// <summary>Where a quantile would be with any number of samples: between two order statistics.</summary>
    /// <param name="probability">The quantile's, above 0 and below 1.</param>
    /// <param name="level">The confidence, for example 0.95.</param>
    /// <remarks>
    /// Free of assumptions about the distribution. Where there are too few samples for the level, the end is 0 or 1.
    /// </remarks>
    public ValueRange QuantileInterval(double probability, double level)
    {
        Require.Open(probability, "The probability");
        Require.Open(level, "The level");
        var outside = (1 - level) / 2;

        // The r-th smallest of n is below the quantile with probability P(Binomial(n, p) >= r), which falls with r.
        var below = LastWhere(rank => AtLeast(rank, probability) >= 1 - outside);
        var above = LastWhere(rank => AtLeast(rank, probability) > outside) + 1;
        return new ValueRange(below == 0 ? 0 : _sorted[below - 1], above > Samples ? 1 : _sorted[above - 1]);
    }

    private double AtLeast(int rank, double probability) =>
        rank == 0 ? 1 : SpecialFunctions.BetaRegularized(rank, Samples - rank + 1, probability);

    private int LastWhere(Func<int, bool> holds)
    {
        var (holding, failing) = (0, Samples + 1);
        while (failing - holding > 1)
        {
            var middle = holding + ((failing - holding) / 2);
            (holding, failing) = holds(middle) ? (middle, failing) : (holding, middle);
        }

        return holding;
    }
}
