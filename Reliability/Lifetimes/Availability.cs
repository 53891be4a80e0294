namespace Continuity.Reliability.Lifetimes;

/// <summary>The part of the time something is up, kept as the part it is down so that many nines keep their digits.
/// </summary>
public readonly record struct Availability
{
    private const double DaysPerYear = 365;

    /// <summary>Makes an availability from its complement.</summary>
    /// <param name="unavailability">The part of the time it is down, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside 0..1 or not a number.</exception>
    public Availability(double unavailability)
    {
        Require.Probability(unavailability, "The unavailability");
        Unavailability = unavailability;
    }

    /// <summary>The part of the time it is down.</summary>
    public double Unavailability { get; }

    /// <summary>The part of the time it is up: 1 - <see cref="Unavailability"/>.</summary>
    public double Value => 1 - Unavailability;

    /// <summary>The nines: -log10 of the unavailability, so 0.999 has 3 and 0.9995 has 3.3.</summary>
    /// <value>Infinite for something never down.</value>
    public double Nines => Unavailability == 0 ? double.PositiveInfinity : -Math.Log10(Unavailability);

    /// <summary>The expected downtime in a year of 365 days: 8.76 hours at three nines.</summary>
    public TimeSpan DowntimePerYear => TimeSpan.FromDays(DaysPerYear * Unavailability);

    /// <summary>Steady availability from the mean times: MTTR / (MTBF) is the unavailability, MTBF = MTTF + MTTR.
    /// </summary>
    /// <param name="meanUpTime">Mean time to failure, above zero.</param>
    /// <param name="meanDownTime">Mean time to repair, zero or more, in the same unit.</param>
    /// <returns>The availability; it holds for any distribution of the two times.</returns>
    public static Availability FromMeanTimes(double meanUpTime, double meanDownTime)
    {
        Require.Positive(meanUpTime, "The mean up time");
        Require.Rate(meanDownTime, "The mean down time");
        return new Availability(1 / (1 + (meanUpTime / meanDownTime)));
    }
}
