using System.Collections;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Maintenance;

/// <summary>Which chunks the snapshots need, a bit for each row of the index.</summary>
internal sealed class Reachability
{
    private readonly ChunkIndex _index;
    private readonly ChunkTable _table;
    private readonly BitArray _rows;
    private readonly Dictionary<int, long> _usedBytes = [];
    private readonly Dictionary<int, long> _heldBytes = [];

    private Reachability(ChunkIndex index)
    {
        _index = index;
        _table = index.Runs[0];
        _rows = new BitArray(_table.Count);
        for (var row = 0; row < _table.Count; row++)
        {
            var location = _table.At(row);
            _heldBytes[location.Pack] = HeldBytesOf(location.Pack) + location.Entry.FrameLength;
        }
    }

    public ChunkTable Table => _table;

    public long UsedBytes => _usedBytes.Values.Sum();

    /// <summary>Follows every snapshot. Anything missing or damaged is an error: what isn't known can't be judged
    /// unused.</summary>
    public static Reachability Compute(
        Repository repository, IReadOnlyList<SnapshotInfo> snapshots, ChunkIndex index,
        CancellationToken cancellationToken)
    {
        var reachability = new Reachability(index);
        using var fetcher = new ChunkFetcher(repository.Store, index);
        foreach (var snapshot in snapshots)
        {
            var reader = new ManifestReader(fetcher, snapshot);
            // A manifest chunk that was followed for another snapshot needs no second look.
            foreach (var chunk in snapshot.Record.Manifest.Where(chunk => reachability.Mark(chunk.Id)))
            {
                foreach (var entry in reader.ReadChunk(chunk, cancellationToken))
                {
                    foreach (var extent in entry.Extents.Where(extent => !extent.IsHole))
                    {
                        reachability.Mark(extent.Chunk);
                    }
                }
            }
        }

        return reachability;
    }

    public bool IsUsed(int row) => _rows[row];

    /// <summary>Bytes of all frames of a pack, used or not.</summary>
    public long HeldBytesOf(int pack) => _heldBytes.GetValueOrDefault(pack);

    public long UsedBytesOf(int pack) => _usedBytes.GetValueOrDefault(pack);

    /// <summary>Marks a chunk and what it is encoded against.</summary>
    /// <returns>Whether it wasn't marked before.</returns>
    private bool Mark(ChunkId id, int maximumDepth = FormatLimits.MaximumDepth)
    {
        var row = FindBest(id, maximumDepth);
        if (_rows[row])
        {
            return false;
        }

        _rows[row] = true;
        var location = _table.At(row);
        _usedBytes[location.Pack] = UsedBytesOf(location.Pack) + location.Entry.FrameLength;
        if (location.Entry.HasBase)
        {
            Mark(location.Entry.BaseId, location.Entry.Depth - 1);
        }

        return true;
    }

    // Of several copies one is needed: in a pack that nobody means to delete, if there is one. A base must be less deep
    // than what is encoded against it: a deeper copy can't stand in for it.
    private int FindBest(ChunkId id, int maximumDepth)
    {
        var best = -1;
        var bestState = (PackState)byte.MaxValue;
        for (var row = _table.Find(id); row >= 0 && row < _table.Count && _table.IdAt(row) == id; row++)
        {
            var location = _table.At(row);
            var state = _index.Packs[location.Pack].State;
            if (state < bestState && location.Entry.Depth <= maximumDepth)
            {
                (best, bestState) = (row, state);
            }
        }

        return best >= 0 ? best : throw new MissingChunkException(id.ToString());
    }
}
