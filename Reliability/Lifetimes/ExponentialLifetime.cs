using Continuity.Reliability.Numerics;

namespace Continuity.Reliability.Lifetimes;

/// <summary>A constant failure rate: F(t) = 1 - exp(-rate t). Assumes no ageing.</summary>
public sealed record ExponentialLifetime : ILifetime
{
    /// <summary>Makes a lifetime.</summary>
    /// <param name="rate">Failures per unit of time, above zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not finite and above zero.</exception>
    public ExponentialLifetime(double rate)
    {
        Require.Positive(rate, "The failure rate");
        Rate = rate;
    }

    /// <summary>Failures per unit of time.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public double Mean => 1 / Rate;

    /// <inheritdoc/>
    public double Unreliability(double time) => -Stable.ExpMinusOne(-Hazards(time));

    /// <inheritdoc/>
    public double Reliability(double time) => Math.Exp(-Hazards(time));

    /// <inheritdoc/>
    public double Hazard(double time)
    {
        Require.Time(time);
        return Rate;
    }

    /// <inheritdoc/>
    public double Quantile(double probability)
    {
        Require.Probability(probability, "The probability");
        return -Stable.LogOnePlus(-probability) / Rate;
    }

    private double Hazards(double time)
    {
        Require.Time(time);
        return Rate * time;
    }
}
