using Continuity.Reliability.Numerics;

namespace Continuity.Reliability.CommonCause;

/// <summary>Failure on demand: what is asked for fails with a probability each time, however long it has waited.
/// </summary>
public static class Demands
{
    /// <summary>The probability that at least one of some demands fails: 1 - (1 - q)^n.</summary>
    /// <param name="failure">q, the probability that one demand fails.</param>
    /// <param name="demands">n, zero or more; they fail independently of each other.</param>
    /// <returns>With all digits where it is small.</returns>
    public static double AnyFails(double failure, int demands)
    {
        Require.Probability(failure, "The probability of failing on demand");
        Require.Count(demands, 0, "The number of demands");
        return demands == 0 ? 0 : -Stable.ExpMinusOne(demands * Stable.LogOnePlus(-failure));
    }

    /// <summary>The probability of not working when asked: failed while waiting, or failing on the demand.</summary>
    /// <param name="unavailability">The probability of having failed before the demand.</param>
    /// <param name="failure">The probability of failing on it.</param>
    public static double Unready(double unavailability, double failure)
    {
        Require.Probability(unavailability, "The unavailability");
        Require.Probability(failure, "The probability of failing on demand");
        return unavailability + ((1 - unavailability) * failure);
    }
}
