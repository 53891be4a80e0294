using Continuity.Vault.Formats;
using Continuity.Vault.Packs;

namespace Continuity.Vault.Indexes;

/// <summary>Chunks and where they are, sorted by id in flat arrays: 52 bytes a chunk, 84 with a base.
/// Immutable.</summary>
/// <remarks>A chunk that is in several packs has several rows, next to each other.</remarks>
internal sealed class ChunkTable
{
    private readonly ChunkId[] _ids;
    private readonly Row[] _rows;
    private readonly ChunkId[] _bases;

    private ChunkTable(ChunkId[] ids, Row[] rows, ChunkId[] bases)
    {
        _ids = ids;
        _rows = rows;
        _bases = bases;
    }

    public static ChunkTable Empty { get; } = new([], [], []);

    public int Count => _ids.Length;

    public ChunkId IdAt(int row) => _ids[row];

    public ChunkLocation At(int row)
    {
        var found = _rows[row];
        var baseId = found.Base >= 0 ? _bases[found.Base] : default;
        return new ChunkLocation(found.Pack, found.Offset, new PackEntry(
            _ids[row], found.Codec, found.Depth, found.RawLength, found.PayloadLength, baseId));
    }

    /// <summary>Finds the first row of a chunk, or the complement of where it would be. O(log log rows): ids are
    /// digests, so their place follows from their value but for a small error.</summary>
    public int Find(ChunkId id)
    {
        var low = 0;
        var high = _ids.Length;
        var guess = (int)(((UInt128)id.First * (ulong)_ids.Length) >> 64);
        var step = 16;
        if (high > 0)
        {
            if (_ids[guess].CompareTo(id) < 0)
            {
                low = guess + 1;
                while (low + step < high && _ids[low + step].CompareTo(id) < 0)
                {
                    low += step + 1;
                    step *= 2;
                }

                high = Math.Min(high, low + step + 1);
            }
            else
            {
                high = guess;
                while (high - step > low && _ids[high - step].CompareTo(id) >= 0)
                {
                    high -= step;
                    step *= 2;
                }

                low = Math.Max(low, high - step);
            }
        }

        while (low < high)
        {
            var middle = (int)((uint)(low + high) / 2);
            if (_ids[middle].CompareTo(id) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < _ids.Length && _ids[low] == id ? low : ~low;
    }

    private readonly record struct Row(
        int Pack, int Offset, int RawLength, int PayloadLength, int Base, byte Codec, byte Depth);

    /// <summary>Collects rows in any order.</summary>
    internal sealed class Builder
    {
        private readonly List<ChunkId> _ids = [];
        private readonly List<Row> _rows = [];
        private readonly List<ChunkId> _bases = [];

        public int Count => _ids.Count;

        public void Add(in ChunkLocation location)
        {
            var entry = location.Entry;
            var baseNumber = -1;
            if (entry.HasBase)
            {
                baseNumber = _bases.Count;
                _bases.Add(entry.BaseId);
            }

            _ids.Add(entry.Id);
            _rows.Add(new Row(
                location.Pack, location.Offset, entry.RawLength, entry.PayloadLength, baseNumber, entry.Codec,
                    entry.Depth));
        }

        public void Add(ChunkTable table)
        {
            for (var row = 0; row < table.Count; row++)
            {
                Add(table.At(row));
            }
        }

        public ChunkTable Build()
        {
            var ids = _ids.ToArray();
            var rows = _rows.ToArray();
            Array.Sort(ids, rows);
            return new ChunkTable(ids, rows, [.. _bases]);
        }
    }
}
