using Continuity.Reliability.Lifetimes;

namespace Continuity.Reliability.Repair;

/// <summary>The long run of a system that is repaired.</summary>
/// <param name="Availability">The part of the time it is up; also as nines and as downtime a year.</param>
/// <param name="FailureFrequency">How often it goes down per unit of time.</param>
public sealed record LongRun(Availability Availability, double FailureFrequency)
{
    /// <summary>The mean time it stays up; infinite when it never fails.</summary>
    public double MeanUpTime => Availability.Value / FailureFrequency;

    /// <summary>The mean time it stays down (MTTR of the system); not a number when it never fails.</summary>
    public double MeanDownTime => Availability.Unavailability / FailureFrequency;

    /// <summary>The mean time from one failure to the next (MTBF).</summary>
    public double MeanTimeBetweenFailures => 1 / FailureFrequency;
}
