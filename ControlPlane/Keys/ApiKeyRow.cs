using Continuity.Contracts.Keys;
using Continuity.ControlPlane.Database;

namespace Continuity.ControlPlane.Keys;

internal sealed class ApiKeyRow
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    /// <summary>
    /// SHA-256 of the whole key in UTF-8, 64 lower-case hexadecimal digits; the key itself is nowhere.
    /// </summary>
    public required string Sha256 { get; set; }

    public required string Tenant { get; set; }

    public required string[] Roles { get; set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public ApiKey ToApiKey() => new()
    {
        Id = Id,
        Name = Name,
        Tenant = Tenant,
        Roles = [.. Roles.Select(EnumText<Role>.Parse)],
        CreatedAt = CreatedAt,
        ExpiresAt = ExpiresAt,
        RevokedAt = RevokedAt,
    };
}
