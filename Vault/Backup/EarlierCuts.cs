using Continuity.Vault.Formats;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Tensors;

namespace Continuity.Vault.Backup;

/// <summary>Where the version of a file in the snapshot before was cut, and into which chunks.</summary>
/// <remarks>A checkpoint has its tensors where the one before had them, and every number a little different: cut by
/// content, no chunk would have a counterpart. Cut where its predecessor was cut, each chunk is encoded against the one
/// before; and what didn't change has the same chunks again.</remarks>
internal sealed class EarlierCuts
{
    private readonly IReadOnlyList<Extent> _extents;
    private int _next;
    private long _offset;

    private EarlierCuts(IReadOnlyList<Extent> extents) => _extents = extents;

    /// <summary>Gets the cuts to follow, or null where cutting by content is better.</summary>
    public static EarlierCuts? Of(ManifestEntry? before, ManifestEntry now, TensorLayout layout)
    {
        var fits = before is { Type: EntryType.File }
            && layout.Regions.Count > 0
            && before.Stat.Size == now.Stat.Size
            && before.Extents.All(extent => extent.Kind == ExtentKind.WholeChunk);
        return fits ? new EarlierCuts(before!.Extents) : null;
    }

    /// <summary>Gets the length of the chunk that began at an offset; offsets must ascend.</summary>
    /// <returns>The length, or null if no chunk began there.</returns>
    public int? LengthAt(long offset) => MoveTo(offset) ? (int)_extents[_next].Length : null;

    /// <summary>Gets the chunk that began at an offset, if it was as long.</summary>
    public ChunkId? ChunkAt(long offset, int length) =>
        MoveTo(offset) && _extents[_next].Length == length ? _extents[_next].Chunk : null;

    /// <summary>Gets how many bytes from a cut on are whole chunks: read so far, nothing is left over.</summary>
    /// <param name="offset">Where a chunk began; offsets must ascend.</param>
    /// <param name="most">The most bytes.</param>
    /// <returns>The bytes, or <paramref name="most"/> if no chunk began there or the first is longer.</returns>
    public int WholeChunksFrom(long offset, int most)
    {
        var whole = 0L;
        for (var i = MoveTo(offset) ? _next : _extents.Count; i < _extents.Count; i++)
        {
            if (whole + _extents[i].Length > most)
            {
                break;
            }

            whole += _extents[i].Length;
        }

        return whole > 0 ? (int)whole : most;
    }

    private bool MoveTo(long offset)
    {
        while (_next < _extents.Count && _offset < offset)
        {
            _offset += _extents[_next].Length;
            _next++;
        }

        return _next < _extents.Count && _offset == offset;
    }
}
