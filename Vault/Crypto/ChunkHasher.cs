using System.Security.Cryptography;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Crypto;

/// <summary>Computes chunk ids: HMAC-SHA-256 under the repository's key, so that ids tell nothing to who lacks
/// it.</summary>
/// <remarks>By the platform's implementation, or for many chunks at once by <see cref="HmacLanes"/>, several times as
/// fast where the processor has AVX-512.</remarks>
internal sealed class ChunkHasher(byte[] chunkIdKey)
{
    // With fewer, most lanes would idle and the platform is faster.
    private const int FewestForLanes = 6;

    private static readonly Lazy<bool> AreLanesSound = new(CheckLanes);

    private HmacLanes? _lanes;

    /// <summary>Computes one id. Thread-safe.</summary>
    public ChunkId Hash(ReadOnlySpan<byte> raw)
    {
        Span<byte> digest = stackalloc byte[ChunkId.Length];
        HMACSHA256.HashData(chunkIdKey, raw, digest);
        return ChunkId.Read(digest);
    }

    /// <summary>Computes the ids of many chunks; from one thread at a time.</summary>
    public void Hash(IReadOnlyList<ReadOnlyMemory<byte>> chunks, Span<ChunkId> ids)
    {
        if (chunks.Count >= FewestForLanes && AreLanesSound.Value)
        {
            _lanes ??= new HmacLanes(chunkIdKey);
            _lanes.Compute(chunks, ids);
            return;
        }

        for (var i = 0; i < chunks.Count; i++)
        {
            ids[i] = Hash(chunks[i].Span);
        }
    }

    /// <summary>Whether this processor can, and does what the platform does: a wrong id would be a lost
    /// chunk.</summary>
    private static bool CheckLanes()
    {
        if (!Sha256Lanes.IsSupported)
        {
            return false;
        }

        var key = new byte[32];
        var text = new byte[300];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (byte)((i * 131) + (i >> 3));
        }

        var messages = Enumerable.Range(0, 20).Select(i => new ReadOnlyMemory<byte>(text, i, 14 * i)).ToArray();
        var found = new ChunkId[messages.Length];
        new HmacLanes(key).Compute(messages, found);
        var hasher = new ChunkHasher(key);
        return messages.Select(message => hasher.Hash(message.Span)).SequenceEqual(found);
    }
}
