using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;

namespace Continuity.Vault.Backup;

/// <summary>Recognises chunks of the snapshot before by their checks. One instance serves one thread.</summary>
internal sealed class ChunkRecogniser(KeyRing keys, ChunkIndex index, StoreCounters counters) : IDisposable
{
    private readonly ChunkChecker? _checker = ChunkChecker.Create(keys);

    /// <summary>Looks for a chunk among those of the file's version in the snapshot before.</summary>
    /// <param name="raw">The chunk.</param>
    /// <param name="earlier">The chunks of that version, or null.</param>
    /// <param name="check">The chunk's check, whether it was found or not; null where checks can't be computed.</param>
    /// <param name="id">The chunk's id if it was found, and this snapshot may rely on it.</param>
    public bool TryRecognise(ReadOnlySpan<byte> raw, EarlierChunks? earlier, out ChunkCheck? check, out ChunkId id)
    {
        id = default;
        check = _checker?.Compute(raw);
        if (earlier is null || check is not { } computed || !earlier.TryFind(computed, raw.Length, out id)
            || !index.TryRely(id))
        {
            return false;
        }

        counters.AddRecognised(raw.Length);
        return true;
    }

    public void Dispose() => _checker?.Dispose();
}
