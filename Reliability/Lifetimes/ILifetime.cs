namespace Continuity.Reliability.Lifetimes;

/// <summary>The distribution of the time to the failure of something that is not repaired.</summary>
public interface ILifetime
{
    /// <summary>The mean time to failure (MTTF).</summary>
    double Mean { get; }

    /// <summary>The probability of failing by a time: the unreliability F(t).</summary>
    /// <param name="time">Zero or more; may be infinite.</param>
    /// <returns>F(t), computed so that small values keep their digits.</returns>
    double Unreliability(double time);

    /// <summary>The probability of surviving to a time: the reliability R(t) = 1 - F(t).</summary>
    /// <param name="time">Zero or more; may be infinite.</param>
    /// <returns>R(t), computed so that small values keep their digits.</returns>
    double Reliability(double time);

    /// <summary>The rate of failure at a time given survival to it: the hazard f(t) / R(t).</summary>
    /// <param name="time">Zero or more.</param>
    /// <returns>The hazard rate.</returns>
    double Hazard(double time);

    /// <summary>The time by which a given part has failed.</summary>
    /// <param name="probability">The part, 0 to 1.</param>
    /// <returns>The quantile; infinite for 1.</returns>
    double Quantile(double probability);
}
