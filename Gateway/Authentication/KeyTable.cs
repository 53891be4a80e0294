using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Continuity.Contracts.Keys;
using Continuity.Contracts.Routing;

namespace Continuity.Gateway.Authentication;

/// <summary>The keys of a snapshot, found by the hash of what a caller shows.</summary>
internal sealed class KeyTable
{
    private const int MaxKeyLength = 512;
    private const int MaxRemembered = 4096;
    private readonly FrozenDictionary<KeyHash, Caller> _callers;

    // Keys that were right: a hash per request is the dearest part of looking them up. Forgotten with the snapshot.
    private readonly ConcurrentDictionary<string, Caller> _remembered = new(StringComparer.Ordinal);
    private int _rememberedCount;

    public KeyTable(IEnumerable<KeyEntry> keys) =>
        _callers = keys
            .GroupBy(key => KeyHash.Parse(key.Sha256))
            .ToFrozenDictionary(group => group.Key, group => new Caller(group.First()));

    /// <summary>Whose key it is, or nothing.</summary>
    public Caller? Find(ReadOnlySpan<char> key)
    {
        if (key.Length is 0 or > MaxKeyLength)
        {
            return null;
        }

        if (_remembered.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var known))
        {
            return known;
        }

        // A search by hash needs no constant-time comparison: whoever could steer the hash's prefix has inverted
        // SHA-256.
        Span<byte> text = stackalloc byte[MaxKeyLength * 3];
        var length = Encoding.UTF8.GetBytes(key, text);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        var caller = _callers.GetValueOrDefault(MemoryMarshal.Read<KeyHash>(hash));
        if (caller is not null && Interlocked.Increment(ref _rememberedCount) <= MaxRemembered)
        {
            _remembered.TryAdd(key.ToString(), caller);
        }

        return caller;
    }

    private readonly record struct KeyHash(ulong A, ulong B, ulong C, ulong D)
    {
        public static KeyHash Parse(string hex) => MemoryMarshal.Read<KeyHash>(Convert.FromHexString(hex));

        public override int GetHashCode() => (int)A;
    }
}

/// <summary>Who calls.</summary>
internal sealed class Caller(KeyEntry key)
{
    public string KeyId { get; } = key.Id;

    public string Tenant { get; } = key.Tenant;

    public DateTimeOffset? ExpiresAt { get; } = key.ExpiresAt;

    public bool MayCallModels { get; } = key.Roles.Contains(Role.Client) || key.Roles.Contains(Role.Admin);

    public bool MaySeeGateway { get; } = key.Roles.Any(role => role is not Role.Client);
}
