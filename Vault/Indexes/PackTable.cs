using System.Runtime.InteropServices;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Indexes;

/// <summary>How far a pack can be relied on.</summary>
internal enum PackState : byte
{
    /// <summary>Nobody means to delete it.</summary>
    Present,

    /// <summary>Named in a mark: readers use it, writers store its chunks again.</summary>
    Marked,

    /// <summary>Named in a tombstone: it may be gone. A reader's last choice.</summary>
    Entombed,
}

/// <summary>A pack as the index names it.</summary>
internal readonly record struct PackInfo(BlobId Id, BlobKind Kind, int Length, PackState State);

/// <summary>Numbers the packs of the index, so that a chunk's row holds 4 bytes and not 16. Thread-safe.</summary>
internal sealed class PackTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BlobId, int> _numbers = [];
    private readonly List<PackInfo> _packs = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _packs.Count;
            }
        }
    }

    public PackInfo this[int number]
    {
        get
        {
            lock (_lock)
            {
                return _packs[number];
            }
        }
    }

    public int Add(BlobId id, BlobKind kind, int length)
    {
        lock (_lock)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, id, out var exists);
            if (!exists)
            {
                number = _packs.Count;
                _packs.Add(new PackInfo(id, kind, length, PackState.Present));
            }

            return number;
        }
    }

    public bool TryGetNumber(BlobId id, out int number)
    {
        lock (_lock)
        {
            return _numbers.TryGetValue(id, out number);
        }
    }

    /// <summary>Records that a pack was named in a mark or tombstone; a state only ever gets worse.</summary>
    public void Degrade(BlobId id, PackState state)
    {
        lock (_lock)
        {
            if (_numbers.TryGetValue(id, out var number) && _packs[number].State < state)
            {
                _packs[number] = _packs[number] with { State = state };
            }
        }
    }

    public PackInfo[] ToArray()
    {
        lock (_lock)
        {
            return [.. _packs];
        }
    }
}
