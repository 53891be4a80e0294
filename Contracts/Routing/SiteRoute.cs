namespace Continuity.Contracts.Routing;

/// <summary>A site as a gateway sees it.</summary>
public sealed record SiteRoute
{
    /// <summary>The site's id ("east").</summary>
    public required string Id { get; init; }

    /// <summary>Lower is preferred; sites of one priority share the traffic.</summary>
    /// <value>The default value is 0.</value>
    public int Priority { get; init; }

    /// <summary>The share of traffic among sites of the same priority; 0 takes the site out.</summary>
    /// <value>The default value is 100; 0 to 1,000.</value>
    public int Weight { get; init; } = 100;

    /// <summary>Whether new requests may go there.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool AcceptsTraffic { get; init; } = true;
}
