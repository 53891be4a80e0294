using Continuity.Vault.Formats;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Backup;

/// <summary>The chunks of a file in the snapshot before, by length and check.</summary>
/// <remarks>Wherever in the file a chunk is now: what follows an insertion is recognised too. Filled before workers
/// look chunks up, which many do at once.</remarks>
internal sealed class EarlierChunks
{
    private readonly Dictionary<(ChunkCheck Check, long Length), ChunkId> _chunks = [];

    private EarlierChunks(IEnumerable<Extent> extents)
    {
        foreach (var extent in extents)
        {
            if (extent.Check is { } check)
            {
                _chunks[(check, extent.Length)] = extent.Chunk;
            }
        }
    }

    /// <summary>Gets the chunks of an entry, or null if there are none with a check.</summary>
    public static EarlierChunks? Of(ManifestEntry? before) =>
        before is { Type: EntryType.File } && new EarlierChunks(before.Extents) is { _chunks.Count: > 0 } chunks
            ? chunks : null;

    public bool TryFind(ChunkCheck check, int length, out ChunkId id) => _chunks.TryGetValue((check, length), out id);
}
