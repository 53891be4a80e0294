using Continuity.Reliability.Numerics;

namespace Continuity.Reliability.Lifetimes;

/// <summary>
/// One component with constant failure and repair rates, whose failures are seen at once: the two-state Markov chain.
/// </summary>
/// <remarks>
/// q(t) = g exp(-(l + m) t) + l / (l + m) (1 - exp(-(l + m) t)) with failure rate l, repair rate m and probability g of
/// being failed at time zero (failure on demand). The Open-PSA "GLM" expression. Both terms are positive: nothing
/// cancels for short times or small rates.
/// </remarks>
public sealed record RepairableComponent
{
    /// <summary>Makes a component.</summary>
    /// <param name="failureRate">Failures per unit of time up, zero or more.</param>
    /// <param name="repairRate">Repairs per unit of time down, zero or more; zero means it is not repaired.</param>
    /// <param name="initialUnavailability">The probability of being failed at time zero.</param>
    public RepairableComponent(double failureRate, double repairRate, double initialUnavailability = 0)
    {
        Require.Rate(failureRate, "The failure rate");
        Require.Rate(repairRate, "The repair rate");
        Require.Probability(initialUnavailability, "The initial unavailability");
        FailureRate = failureRate;
        RepairRate = repairRate;
        InitialUnavailability = initialUnavailability;
    }

    /// <summary>Failures per unit of time up.</summary>
    public double FailureRate { get; }

    /// <summary>Repairs per unit of time down.</summary>
    public double RepairRate { get; }

    /// <summary>The probability of being failed at time zero.</summary>
    public double InitialUnavailability { get; }

    /// <summary>The long-run availability: MTTR / (MTTF + MTTR) is its complement.</summary>
    public Availability SteadyAvailability => new(Sum == 0 ? InitialUnavailability : FailureRate / Sum);

    private double Sum => FailureRate + RepairRate;

    /// <summary>The probability of being down at a time.</summary>
    /// <param name="time">Zero or more; may be infinite.</param>
    /// <returns>q(t).</returns>
    public double Unavailability(double time)
    {
        Require.Time(time);
        if (Sum == 0 || time == 0)
        {
            return InitialUnavailability;
        }

        return (InitialUnavailability * Math.Exp(-Sum * time))
            + (FailureRate / Sum * -Stable.ExpMinusOne(-Sum * time));
    }

    /// <summary>The availability over a mission: the expected part of it that the component is up.</summary>
    /// <param name="mission">The length of the mission, finite and above zero.</param>
    /// <returns>The mean of q(t) from 0 to the mission's end, as an availability.</returns>
    public Availability Over(double mission)
    {
        Require.Positive(mission, "The mission");
        var x = Sum * mission;

        // The mean of exp(-s t) is (1 - exp(-x)) / x, that of its complement x/2 - x^2/6 + ...
        var settled = Sum == 0 ? 0 : FailureRate / Sum * Stable.MeanOfOneMinusExp(x);
        return new Availability(Math.Min(1, (InitialUnavailability * Stable.MeanOfExp(x)) + settled));
    }
}
