using System.Collections.Immutable;

namespace Continuity.Reliability.CommonCause;

/// <summary>
/// The alpha factor: alpha(k) is the part of all failure events in the group that fail exactly k components.
/// </summary>
/// <remarks>
/// Non-staggered tests: Q(k) = k alpha(k) / (C(m-1, k-1) (sum of j alpha(j))) Q. Staggered: Q(k) = alpha(k) / C(m-1,
/// k-1) Q. Open-PSA's "alpha-factor" is the non-staggered one.
/// </remarks>
/// <param name="Alphas">Alpha(1) to alpha(m): zero or more each, 1 together within 1e-6.</param>
/// <param name="Tests">How the components were tested in which the failures were counted.</param>
public sealed record AlphaFactor(ImmutableArray<double> Alphas, TestScheme Tests) : CommonCauseModel
{
    private const double SumTolerance = 1e-6;

    internal override string? Refusal(int members)
    {
        if (Alphas.IsDefault || Alphas.Length != members)
        {
            var found = Alphas.IsDefault ? 0 : Alphas.Length;
            return $"{members} alphas are needed for {members} members, found {found}.";
        }

        if (!Alphas.All(alpha => alpha is >= 0 and <= 1))
        {
            return "every alpha is a number from 0 to 1.";
        }

        return Math.Abs(Alphas.Sum() - 1) <= SumTolerance ? null : $"the alphas add up to {Alphas.Sum()}, not to 1.";
    }

    internal override double[] Shares(int members)
    {
        var mean = Alphas.Select((alpha, index) => (index + 1) * alpha).Sum();
        return [.. Alphas.Select((alpha, index) =>
            alpha / SetsWithOne(members, index + 1) * (Tests == TestScheme.Staggered ? 1 : (index + 1) / mean))];
    }
}
