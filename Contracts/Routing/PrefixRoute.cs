namespace Continuity.Contracts.Routing;

/// <summary>An HTTP service that is no model, served under a path prefix.</summary>
public sealed record PrefixRoute
{
    /// <summary>The route's name, unique in the snapshot.</summary>
    public required string Name { get; init; }

    /// <summary>The path prefix, with a leading and without a trailing slash ("/search").</summary>
    /// <remarks>Never "/v1" or "/api".</remarks>
    public required string Prefix { get; init; }

    /// <summary>Whether the prefix is removed before the request goes on.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool StripPrefix { get; init; } = true;

    /// <summary>Where the service listens; at least one absolute http or https address.</summary>
    public required IReadOnlyList<Uri> Addresses { get; init; }
}
