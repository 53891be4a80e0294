using System.Security.Cryptography;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Crypto;

/// <summary>Computes chunk ids: HMAC-SHA-256 under the repository's key, so that ids tell nothing to who lacks
/// it.</summary>
internal sealed class ChunkHasher(byte[] chunkIdKey)
{
    public ChunkId Hash(ReadOnlySpan<byte> raw)
    {
        Span<byte> digest = stackalloc byte[ChunkId.Length];
        HMACSHA256.HashData(chunkIdKey, raw, digest);
        return ChunkId.Read(digest);
    }
}
