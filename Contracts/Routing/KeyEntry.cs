using Continuity.Contracts.Keys;

namespace Continuity.Contracts.Routing;

/// <summary>An API key as a gateway knows it: never the key, only its hash.</summary>
public sealed record KeyEntry
{
    /// <summary>The key's public id, the part between the first two underscores.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the whole key in UTF-8, as 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Whose key it is: limits and fairness count by tenant.</summary>
    /// <value>The default value is "default".</value>
    public string Tenant { get; init; } = "default";

    /// <summary>What the key may do.</summary>
    public required IReadOnlyList<Role> Roles { get; init; }

    /// <summary>When it ends (UTC); never when <see langword="null"/>.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
