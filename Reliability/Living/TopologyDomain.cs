namespace Continuity.Reliability.Living;

/// <summary>Something below a site that several replicas share: a rack, a power feed, a switch.</summary>
/// <param name="Id">Its name, unique at its site.</param>
/// <param name="Kind">What it is, in a word of the operator's; known ones have their own priors.</param>
public sealed record TopologyDomain(string Id, string Kind = "domain")
{
    /// <summary>Domains of the same site that it needs: the feeds of a rack, say. Named twice is named once.</summary>
    public IReadOnlyList<string> DependsOn { get; init => field = [.. value.Distinct()]; } = [];

    /// <summary>How many of those suffice; null for all.</summary>
    public int? Needs { get; init; }

    /// <summary>How often it fails by itself; null for the prior of its kind.</summary>
    public double? FailuresPerYear { get; init; }

    /// <summary>How long its repair takes, detection included; null for the prior of its kind.</summary>
    public double? RepairHours { get; init; }

    /// <summary>
    /// How much more often than <see cref="PlatformAssumptions.Infrastructure"/> kinds fail, and how much longer their
    /// repair takes: assumed.
    /// </summary>
    private static readonly Dictionary<string, (double Failures, double Repair)> _kinds = new(StringComparer.Ordinal)
    {
        ["rack"] = (0.5, 2),
        ["room"] = (0.2, 2),
        ["power-feed"] = (2, 0.5),
        ["cooling"] = (1, 2),
    };

    /// <summary>How often it fails and how long its repair takes, as multiples of its class's numbers.</summary>
    internal (double Failures, double Repair) Factors(ComponentData data)
    {
        const double HoursPerYear = 8760;
        var (failures, repair) = _kinds.GetValueOrDefault(Kind, (1, 1));
        return (
            FailuresPerYear is { } rate ? rate / HoursPerYear / data.FailureRate : failures,
            RepairHours is { } hours ? hours / data.RepairHours : repair);
    }
}
