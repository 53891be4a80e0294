using System.Collections.Immutable;

namespace Continuity.Reliability.CommonCause;

/// <summary>
/// The multiple Greek letter model: beta is the part of a component's failures that at least one other shares, gamma
/// the part of those that at least two others share, and so on.
/// </summary>
/// <remarks>
/// Q(k) = r(1) r(2) ... r(k) (1 - r(k+1)) Q / C(m-1, k-1) with r(1) = 1, r(2) = beta, r(3) = gamma, ..., r(m+1) = 0.
/// Gamma = delta = ... = 1 is the beta factor.
/// </remarks>
/// <param name="Letters">Beta, gamma, delta, ...: 0 to 1 each; one less than the group has members.</param>
public sealed record MultipleGreekLetter(ImmutableArray<double> Letters) : CommonCauseModel
{
    internal override string? Refusal(int members)
    {
        if (Letters.IsDefault || Letters.Length != members - 1)
        {
            var found = Letters.IsDefault ? 0 : Letters.Length;
            return $"{members - 1} letters are needed for {members} members, found {found}.";
        }

        return Letters.All(letter => letter is >= 0 and <= 1) ? null : "every letter is a number from 0 to 1.";
    }

    internal override double[] Shares(int members)
    {
        var shares = new double[members];
        var shared = 1.0;
        for (var k = 1; k <= members; k++)
        {
            var next = k == members ? 0 : Letters[k - 1];
            shares[k - 1] = shared * (1 - next) / SetsWithOne(members, k);
            shared *= next;
        }

        return shares;
    }
}
