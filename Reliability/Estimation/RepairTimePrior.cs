namespace Continuity.Reliability.Estimation;

/// <summary>What is known of repair times before own evidence: as if some had been measured.</summary>
/// <param name="MedianHours">Their median: above zero.</param>
/// <param name="LogDeviation">The standard deviation of the natural logarithm of the hours: above zero.</param>
/// <param name="Repairs">How many measured repairs it counts as, for the median and for the deviation: above zero.
/// </param>
/// <param name="Source">Where it comes from, for the reader of a report.</param>
public sealed record RepairTimePrior(double MedianHours, double LogDeviation, double Repairs, string Source)
{
    /// <summary>
    /// Next to nothing known: one repair of about an hour, by a factor of 5 either way for nine in ten.
    /// </summary>
    /// <remarks>An assumption, not data: the factor covers minutes to hours.</remarks>
    public static RepairTimePrior Vague { get; } = new(1, 1, 1, "assumed: an hour, within a factor of 5");
}
