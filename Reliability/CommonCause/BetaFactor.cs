namespace Continuity.Reliability.CommonCause;

/// <summary>
/// The beta factor: a given part of every component's failures is common to all of them. Q(1) = (1 - beta) Q, Q(m) =
/// beta Q, nothing between.
/// </summary>
/// <param name="Beta">The part, 0 to 1; 0.05 to 0.1 is usual where nothing is known.</param>
public sealed record BetaFactor(double Beta) : CommonCauseModel
{
    internal override string? Refusal(int members) =>
        Beta is >= 0 and <= 1 ? null : $"the beta factor is {Beta}; expected a number from 0 to 1.";

    internal override double[] Shares(int members)
    {
        var shares = new double[members];
        shares[0] = 1 - Beta;
        shares[^1] += Beta;
        return shares;
    }
}
