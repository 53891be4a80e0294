using System.Security.Cryptography;
using System.Text;
using Continuity.Contracts;
using Continuity.Contracts.Keys;
using Continuity.ControlPlane.Database;
using Microsoft.EntityFrameworkCore;

namespace Continuity.ControlPlane.Keys;

/// <summary>API keys: made here, shown once, and stored as hashes only.</summary>
public sealed class KeyStore(ControlPlaneDatabase database)
{
    public Task<CreatedKey> CreateAsync(CreateKeyRequest request, CancellationToken cancellationToken)
    {
        // Made outside of the transaction: a repetition stores the same key.
        var (id, key) = KeyFormat.Create();
        return database.WriteAsync(
            async (unit, token) =>
            {
                await unit.ExecuteAsync(
                    """
                    INSERT INTO api_keys (id, name, sha256, tenant, roles, expires_at)
                    VALUES ($1, $2, $3, $4, $5, now() + $6)
                    """,
                    [
                        id, request.Name, KeyFormat.Hash(key), request.Tenant,
                        request.Roles.Distinct().Select(EnumText<Role>.Format).ToArray(), request.Lifetime,
                    ],
                    token);
                var row = await unit.Context.ApiKeys.AsNoTracking().SingleAsync(row => row.Id == id, token);
                return new CreatedKey(key, row.ToApiKey());
            },
            cancellationToken);
    }

    /// <summary>Stores a key that configuration names, if it isn't known yet; a revoked one stays revoked.</summary>
    public Task EnsureAsync(string key, string name, IReadOnlyList<Role> roles, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (unit, token) => unit.ExecuteAsync(
                """
                INSERT INTO api_keys (id, name, sha256, tenant, roles) VALUES ($1, $2, $3, 'default', $4)
                ON CONFLICT (id) DO UPDATE SET sha256 = excluded.sha256, name = excluded.name, roles = excluded.roles
                """,
                [KeyFormat.IdOf(key), name, KeyFormat.Hash(key), roles.Select(EnumText<Role>.Format).ToArray()],
                token),
            cancellationToken);

    /// <summary>The key with this hash that is neither revoked nor expired (on the database's clock).</summary>
    public Task<ApiKey?> FindValidAsync(string sha256, CancellationToken cancellationToken) =>
        database.ReadAsync(
            (unit, token) => unit.ReadFirstAsync(
                """
                SELECT id, name, tenant, roles, created_at, expires_at FROM api_keys
                WHERE sha256 = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
                """,
                [sha256],
                row => new ApiKey
                {
                    Id = row.GetString(0),
                    Name = row.GetString(1),
                    Tenant = row.GetString(2),
                    Roles = [.. row.GetFieldValue<string[]>(3).Select(EnumText<Role>.Parse)],
                    CreatedAt = row.GetFieldValue<DateTimeOffset>(4),
                    ExpiresAt = row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
                },
                token),
            cancellationToken);

    /// <summary>By id, from the one after <paramref name="after"/>; revoked ones too.</summary>
    public Task<Page<ApiKey>> ListAsync(string? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (unit, token) =>
            {
                var rows = await unit.Context.ApiKeys.AsNoTracking()
                    .Where(row => after == null || string.Compare(row.Id, after) > 0)
                    .OrderBy(row => row.Id).Take(limit + 1).ToListAsync(token);
                return rows.ToPage(limit, row => row.ToApiKey(), row => row.Id);
            },
            cancellationToken);

    /// <summary>Makes a key worthless at once; gateways follow within a second.</summary>
    public Task<bool> RevokeAsync(string id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (unit, token) => await unit.ExecuteAsync(
                "UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1", [id], token) == 1,
            cancellationToken);
}

/// <summary>What a key looks like: <c>ck_&lt;id&gt;_&lt;secret&gt;</c>.</summary>
public static class KeyFormat
{
    private const int IdBytes = 6;
    private const int SecretBytes = 32;
    private const int MaxLength = 256;

    public static (string Id, string Key) Create()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return (id, $"ck_{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    /// <summary>Whether a text can be a key at all; the look-up decides whether it is one.</summary>
    public static bool IsWellFormed(string? key) =>
        key is { Length: <= MaxLength } && key.Split('_', 3) is ["ck", { Length: > 0 }, { Length: > 0 }];

    /// <summary>The key's public part.</summary>
    /// <exception cref="ArgumentException">It is no key.</exception>
    public static string IdOf(string key) => IsWellFormed(key)
        ? key.Split('_', 3)[1]
        : throw new ArgumentException("A key must look like ck_<id>_<secret>, with at most 256 characters.",
            nameof(key));

    /// <summary>SHA-256 of the whole key: its 256 random bits need no slow hash.</summary>
    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
