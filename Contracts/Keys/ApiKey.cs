using System.ComponentModel.DataAnnotations;

namespace Continuity.Contracts.Keys;

/// <summary>An API key as it is shown: never the key itself.</summary>
public sealed record ApiKey
{
    /// <summary>The key's public id, the part between the first two underscores.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Whose key it is: limits and fairness count by tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>What its holder may do.</summary>
    public required IReadOnlyList<Role> Roles { get; init; }

    /// <summary>When it was made (UTC, the database's clock).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends; never when <see langword="null"/>.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked; not when <see langword="null"/>.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>Asks for a new API key.</summary>
public sealed record CreateKeyRequest
{
    /// <summary>What people will call it.</summary>
    [Required]
    [StringLength(128, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>Whose key it is.</summary>
    /// <value>The default value is "default".</value>
    [RegularExpression(Names.IdPattern, ErrorMessage = Names.IdRule)]
    public string Tenant { get; init; } = "default";

    /// <summary>What its holder may do; at least one role.</summary>
    [Required]
    [Length(1, 5)]
    public required IReadOnlyList<Role> Roles { get; init; }

    /// <summary>How long it lasts, from now.</summary>
    /// <value>Without end when <see langword="null"/>; 1 second to 3,650 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan? Lifetime { get; init; }
}

/// <summary>A key just made: the only time that it is shown.</summary>
/// <param name="Key">The whole key; whoever holds it has its roles.</param>
/// <param name="Details">What the list shows of it from now on.</param>
public sealed record CreatedKey(string Key, ApiKey Details);
