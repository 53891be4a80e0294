namespace Continuity.Reliability.Estimation;

/// <summary>What is known of a probability of success before own evidence: as if trials had been counted.</summary>
/// <param name="Successes">The beta distribution's alpha: above zero, need not be a whole number.</param>
/// <param name="Failures">Its beta: above zero.</param>
/// <param name="Source">Where it comes from, for the reader of a report.</param>
public sealed record SuccessPrior(double Successes, double Failures, string Source)
{
    /// <summary>Nothing known: half a success and half a failure (H. Jeffreys, 1946).</summary>
    public static SuccessPrior Jeffreys { get; } = new(0.5, 0.5, "Jeffreys: nothing known before");

    /// <summary>Every probability as likely as every other: one success and one failure.</summary>
    public static SuccessPrior Uniform { get; } = new(1, 1, "uniform: every probability as likely");
}
