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

    /// <summary>
    /// A domain as "site/domain" that gets a second one beside it, either of which suffices; one that needs no other.
    /// </summary>
    public string? SecondDomain { get; init; }

    /// <summary>
    /// A domain as "site/domain" that several replicas of the service are in: half of them move to another such one.
    /// </summary>
    public string? SpreadDomain { get; init; }

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

    /// <summary>The options that it takes.</summary>
    internal string[] Options =>
    [
        .. NewSite ? [ServiceGraph.NewSite] : Array.Empty<string>(),
        .. NamedOptions.Select(named => named.Option),
    ];

    /// <summary>The options that only some subjects have, each with why a subject may lack it.</summary>
    internal IEnumerable<(string Option, string Field, string Lack)> NamedOptions
    {
        get
        {
            if (ReplicaAt is { } site)
            {
                yield return (
                    ServiceGraph.ReplicaAt(site), nameof(ReplicaAt),
                    $"no replica at '{site}' to add another one to");
            }

            if (SecondDomain is { } beside)
            {
                yield return (
                    DomainGraph.Second(beside), nameof(SecondDomain),
                    $"no use of a domain '{beside}' that depends on no other; name it as site/domain");
            }

            if (SpreadDomain is { } shared)
            {
                yield return (
                    DomainGraph.Spread(shared), nameof(SpreadDomain),
                    $"no two replicas in a domain '{shared}' to spread; name it as site/domain");
            }
        }
    }

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
