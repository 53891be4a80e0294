namespace Continuity.Contracts.Sites;

/// <summary>Something that replicas of a site share and that may fail: a rack, a power feed, a switch.</summary>
public sealed record FailureDomain
{
    /// <summary>Its name, unique at its site ("rack-1"): the same letters as a site's.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in a word of your own; "rack", "room", "power-feed" and "cooling" have priors.</summary>
    /// <value>The default value is "domain".</value>
    public string Kind { get; init; } = "domain";

    /// <summary>Domains of the same site that it needs: the feeds of a rack, say. No circles.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>How many of those suffice; left out, all are needed.</summary>
    public int? Needs { get; init; }

    /// <summary>How often it fails by itself; left out, the prior of its kind.</summary>
    public double? FailuresPerYear { get; init; }

    /// <summary>How long its repair takes; left out, the prior of its kind.</summary>
    public double? RepairHours { get; init; }
}
