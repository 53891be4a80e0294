namespace Continuity.Reliability.Repair;

/// <summary>How units that stand by fail, compared with those that carry the load.</summary>
/// <remarks>A cold spare is off and fails not at all; a hot one runs and fails as fast as an active one.</remarks>
/// <param name="FailureShare">The rate of a spare as a part of that of an active unit, 0 to 1.</param>
public readonly record struct SpareKind(double FailureShare)
{
    /// <summary>Off: it cannot fail until it is used.</summary>
    public static SpareKind Cold { get; } = new(0);

    /// <summary>Running along: it fails as an active unit does.</summary>
    public static SpareKind Hot { get; } = new(1);

    /// <summary>On, without load.</summary>
    /// <param name="failureShare">Its rate as a part of an active unit's, 0 to 1.</param>
    public static SpareKind Warm(double failureShare)
    {
        Require.Probability(failureShare, "The share of a warm spare's failure rate");
        return new SpareKind(failureShare);
    }
}
