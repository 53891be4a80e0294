using Continuity.Vault.Formats;
using Continuity.Vault.Packs;

namespace Continuity.Vault.Indexes;

/// <summary>The repository's index in memory: what was read at the start, and what this process has added.
/// Thread-safe.</summary>
internal sealed class ChunkIndex
{
    private const int MaximumRuns = 8;

    private readonly Lock _lock = new();
    private readonly HashSet<ChunkId> _claimed = [];
    private readonly HashSet<int> _reliedOn = [];
    private readonly int _loadedPacks;
    private ChunkTable[] _runs;

    public ChunkIndex(PackTable packs, ChunkTable loaded)
    {
        Packs = packs;
        _runs = [loaded];
        _loadedPacks = packs.Count;
    }

    public PackTable Packs { get; }

    public IReadOnlyList<ChunkTable> Runs => Volatile.Read(ref _runs);

    /// <summary>Finds a chunk for reading: in a pack nobody means to delete if there is one.</summary>
    public bool TryFind(ChunkId id, out ChunkLocation location) =>
        TryFind(id, FormatLimits.MaximumDepth, out location);

    /// <summary>Finds a copy of a chunk that is at most so deep.</summary>
    /// <remarks>Copies of a chunk may differ in depth. The base of a chunk is a copy less deep than itself: so a chain
    /// of bases ends, whatever copies come and go.</remarks>
    public bool TryFind(ChunkId id, int maximumDepth, out ChunkLocation location)
    {
        location = default;
        var best = (PackState)byte.MaxValue;
        foreach (var run in Volatile.Read(ref _runs))
        {
            for (var row = run.Find(id); row >= 0 && row < run.Count && run.IdAt(row) == id; row++)
            {
                var candidate = run.At(row);
                var state = Packs[candidate.Pack].State;
                if (state < best && candidate.Entry.Depth <= maximumDepth)
                {
                    best = state;
                    location = candidate;
                }
            }
        }

        return best <= PackState.Entombed;
    }

    public ChunkLocation Find(ChunkId id) =>
        TryFind(id, out var location) ? location : throw new MissingChunkException(id.ToString());

    /// <summary>Finds the copy of a base that a chunk may be decoded with.</summary>
    public ChunkLocation FindBase(in PackEntry entry) =>
        TryFind(entry.BaseId, entry.Depth - 1, out var location)
            ? location
            : throw new MissingChunkException($"{entry.BaseId} (the base of {entry.Id})");

    /// <summary>Finds a chunk for a writer, who may rely only on packs that nobody means to delete.</summary>
    public bool TryFindPresent(ChunkId id, out ChunkLocation location) =>
        TryFind(id, out location) && Packs[location.Pack].State == PackState.Present;

    /// <summary>Takes on to store a chunk, or relies on its being stored.</summary>
    /// <returns>Whether the caller must store it; if not, it is stored or another worker stores it.</returns>
    public bool TryClaim(ChunkId id)
    {
        lock (_lock)
        {
            return !TryRelyLocked(id) && _claimed.Add(id);
        }
    }

    /// <summary>Relies on a chunk's being in the repository, if it is and nobody means to delete its pack.</summary>
    public bool TryRely(ChunkId id)
    {
        lock (_lock)
        {
            return TryRelyLocked(id);
        }
    }

    /// <summary>Whether this process relies on any pack that it didn't write.</summary>
    public bool ReliesOnAny
    {
        get
        {
            lock (_lock)
            {
                return _reliedOn.Count > 0;
            }
        }
    }

    /// <summary>Whether this process relies on a pack that it didn't write: the commit of its snapshot depends on
    /// it.</summary>
    public bool ReliesOn(BlobId pack)
    {
        lock (_lock)
        {
            return Packs.TryGetNumber(pack, out var number) && _reliedOn.Contains(number);
        }
    }

    /// <summary>Adds a pack that is durable.</summary>
    public void Add(IndexedPack pack)
    {
        var number = Packs.Add(pack.Id, pack.Kind, pack.Length);
        var builder = new ChunkTable.Builder();
        var offset = BlobHeader.Length;
        foreach (var entry in pack.Entries)
        {
            builder.Add(new ChunkLocation(number, offset, entry));
            offset += entry.FrameLength;
        }

        var added = builder.Build();
        lock (_lock)
        {
            Volatile.Write(ref _runs, Merge([.. _runs, added]));
            foreach (var entry in pack.Entries)
            {
                _claimed.Remove(entry.Id);
            }
        }
    }

    private bool TryRelyLocked(ChunkId id)
    {
        if (!TryFindPresent(id, out var location))
        {
            return false;
        }

        if (location.Pack < _loadedPacks)
        {
            _reliedOn.Add(location.Pack);
        }

        return true;
    }

    // The smallest runs are merged, as in a log-structured tree: a chunk is copied O(log chunks) times in all.
    private static ChunkTable[] Merge(ChunkTable[] runs)
    {
        if (runs.Length <= MaximumRuns)
        {
            return runs;
        }

        Array.Sort(runs, (left, right) => right.Count.CompareTo(left.Count));
        var builder = new ChunkTable.Builder();
        foreach (var run in runs.AsSpan(MaximumRuns / 2))
        {
            builder.Add(run);
        }

        return [.. runs[..(MaximumRuns / 2)], builder.Build()];
    }
}
