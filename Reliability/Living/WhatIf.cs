namespace Continuity.Reliability.Living;

/// <summary>A change to a platform whose effect is asked about.</summary>
public sealed record WhatIf
{
    /// <summary>What the change is, for a reader.</summary>
    public required string Description { get; init; }

    /// <summary>Whether a further site of the best priority runs as many replicas as the largest one.</summary>
    public bool NewSite { get; init; }

    /// <summary>A site that gets one more replica.</summary>
    public string? ReplicaAt { get; init; }

    /// <summary>What repair times are multiplied by.</summary>
    /// <value>The default is 1; above 0.</value>
    public double RepairFactor { get; init; } = 1;

    /// <summary>What failure rates are multiplied by.</summary>
    /// <value>The default is 1; above 0.</value>
    public double FailureFactor { get; init; } = 1;

    /// <summary>The class that both factors apply to; null for all.</summary>
    public ComponentClass? Class { get; init; }

    /// <summary>The hours between failover drills.</summary>
    public double? FailoverTestHours { get; init; }

    /// <summary>The share of common causes.</summary>
    public double? CommonCauseShare { get; init; }

    /// <summary>The assumptions with the change.</summary>
    internal PlatformAssumptions Apply(PlatformAssumptions assumptions)
    {
        Require.Positive(RepairFactor, "The factor of repair times");
        Require.Positive(FailureFactor, "The factor of failure rates");
        var result = assumptions with
        {
            FailoverTestHours = FailoverTestHours ?? assumptions.FailoverTestHours,
            CommonCauseShare = CommonCauseShare ?? assumptions.CommonCauseShare,
        };
        foreach (var name in Enum.GetValues<ComponentClass>().Where(name => Class is null || Class == name))
        {
            var data = assumptions.Of(name);
            result = result.With(name, data with
            {
                Hours = data.Hours / FailureFactor,
                RepairHours = data.RepairHours * RepairFactor,
            });
        }

        result.Check();
        return result;
    }
}
