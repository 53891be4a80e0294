namespace Continuity.Reliability.Estimation;

/// <summary>What is known of a constant rate before own evidence: as if failures had been counted for some hours.
/// </summary>
/// <param name="Failures">The gamma distribution's shape: above zero, need not be a whole number.</param>
/// <param name="Hours">Its rate: the hours in which they would have been seen; zero or more.</param>
/// <param name="Source">Where it comes from, for the reader of a report.</param>
public sealed record RatePrior(double Failures, double Hours, string Source)
{
    /// <summary>
    /// Nothing known: half a failure in no time (H. Jeffreys, 1946). Its intervals are right as often as they say on
    /// average over rates.
    /// </summary>
    public static RatePrior Jeffreys { get; } = new(0.5, 0, "Jeffreys: nothing known before");

    /// <summary>The number of failures that the prior counts as.</summary>
    public double Failures { get; init; } = Checked(Failures);

    /// <summary>The hours that the prior counts as.</summary>
    public double Hours { get; init; } = CheckedHours(Hours);

    /// <summary>The same rate, known less well.</summary>
    /// <param name="failures">
    /// How many own failures the prior is to count as, at most. A fleet elsewhere is not this one: with 148 failures
    /// its rate would never be corrected by the few seen here.
    /// </param>
    public RatePrior Weakened(double failures)
    {
        Require.Positive(failures, "The number of failures that a prior counts as");
        var factor = Math.Min(1, failures / Failures);
        return this with { Failures = Failures * factor, Hours = Hours * factor };
    }

    private static double Checked(double failures)
    {
        Require.Positive(failures, "The number of failures of a prior");
        return failures;
    }

    private static double CheckedHours(double hours)
    {
        Require.Rate(hours, "The hours of a prior");
        return hours;
    }
}
