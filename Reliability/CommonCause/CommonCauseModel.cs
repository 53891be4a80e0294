namespace Continuity.Reliability.CommonCause;

/// <summary>How the failures of like components fall on one, two, ... or all of them at once.</summary>
/// <remarks>
/// <para>Every model gives Q(k): the probability of the event that fails exactly k given components out of m. Q, the
/// total probability of one component, is the sum over k of C(m-1, k-1) Q(k).</para>
/// <para>Source: A. Mosleh and others, Guidelines on Modeling Common-Cause Failures in Probabilistic Risk Assessment,
/// NUREG/CR-5485, 1998.</para>
/// </remarks>
public abstract record CommonCauseModel
{
    private protected CommonCauseModel()
    {
    }

    /// <summary>What is wrong with it for a group of this size, if anything.</summary>
    internal abstract string? Refusal(int members);

    /// <summary>Q(k) / Q for k from 1 to the number of members.</summary>
    internal abstract double[] Shares(int members);

    // C(members - 1, k - 1): how many sets of k hold a given component.
    private protected static double SetsWithOne(int members, int k)
    {
        var count = 1.0;
        for (var i = 1; i < k; i++)
        {
            count = count * (members - i) / i;
        }

        return count;
    }
}
