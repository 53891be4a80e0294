using Continuity.Reliability.Numerics;
using MathNet.Numerics;

namespace Continuity.Reliability.Lifetimes;

/// <summary>
/// F(t) = 1 - exp(-(t / scale)^shape): shape below 1 is infant mortality, 1 the exponential, above 1 wear-out.
/// </summary>
/// <remarks>W. Weibull, A statistical distribution function of wide applicability, 1951.</remarks>
public sealed record WeibullLifetime : ILifetime
{
    /// <summary>Makes a lifetime.</summary>
    /// <param name="shape">Above zero.</param>
    /// <param name="scale">The time by which 63.2 % have failed, above zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not finite and above zero.</exception>
    public WeibullLifetime(double shape, double scale)
    {
        Require.Positive(shape, "The shape");
        Require.Positive(scale, "The scale");
        Shape = shape;
        Scale = scale;
    }

    /// <summary>The exponent of time.</summary>
    public double Shape { get; }

    /// <summary>The time by which 63.2 % have failed.</summary>
    public double Scale { get; }

    /// <inheritdoc/>
    public double Mean => Scale * SpecialFunctions.Gamma(1 + (1 / Shape));

    /// <inheritdoc/>
    public double Unreliability(double time) => -Stable.ExpMinusOne(-CumulativeHazard(time));

    /// <inheritdoc/>
    public double Reliability(double time) => Math.Exp(-CumulativeHazard(time));

    /// <inheritdoc/>
    public double Hazard(double time)
    {
        Require.Time(time);
        return Shape / Scale * Math.Pow(time / Scale, Shape - 1);
    }

    /// <inheritdoc/>
    public double Quantile(double probability)
    {
        Require.Probability(probability, "The probability");
        return Scale * Math.Pow(-Stable.LogOnePlus(-probability), 1 / Shape);
    }

    /// <summary>The probability of failing within a time for one that has already reached an age.</summary>
    /// <param name="age">The age survived, zero or more.</param>
    /// <param name="time">The further time, zero or more.</param>
    /// <returns>1 - R(age + time) / R(age).</returns>
    public double ResidualUnreliability(double age, double time)
    {
        Require.Rate(age, "The age");
        Require.Time(time);
        return -Stable.ExpMinusOne(CumulativeHazard(age) - CumulativeHazard(age + time));
    }

    private double CumulativeHazard(double time)
    {
        Require.Time(time);
        return Math.Pow(time / Scale, Shape);
    }
}
