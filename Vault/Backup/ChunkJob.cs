using System.Runtime.InteropServices;
using Continuity.Vault.Formats;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Tensors;

namespace Continuity.Vault.Backup;

/// <summary>Something that a worker stores as one chunk.</summary>
internal abstract class ChunkJob;

/// <summary>A piece of a file that was cut out of a buffer.</summary>
/// <param name="place">Where the piece is in the buffer, and what it is in the file.</param>
/// <param name="part">The part of the file that it belongs to.</param>
/// <param name="number">The extent's place in that part.</param>
internal sealed class PieceJob(PiecePlace place, FilePart part, int number) : ChunkJob
{
    /// <summary>The buffer; the worker releases it.</summary>
    public Segment Segment => place.Segment;

    public ReadOnlySpan<byte> Raw => place.Segment.Memory.Span.Slice(place.Start, place.Length);

    public PiecePlace Place => place;

    public void Done(Extent extent) => part.Set(number, extent);
}

/// <summary>Where a piece is, and what is known about it.</summary>
/// <param name="Segment">The buffer that holds it.</param>
/// <param name="Start">Where it begins in the buffer.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="FileOffset">Where it begins in the file.</param>
/// <param name="File">What is known about the file.</param>
/// <param name="Base">The chunk that was in this place of the file in the snapshot before, if it was as long.</param>
internal readonly record struct PiecePlace(
    Segment Segment, int Start, int Length, long FileOffset, KnownFile File, ChunkId? Base);

/// <summary>What is known about a file that is being cut.</summary>
/// <param name="Layout">Where it holds numbers.</param>
/// <param name="Chunks">The chunks of its version in the snapshot before; null if none may be recognised.</param>
internal sealed record KnownFile(TensorLayout Layout, EarlierChunks? Chunks);

/// <summary>Small files that are read by the worker and stored as one chunk.</summary>
internal sealed class BundleJob : ChunkJob
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<BundledFile> Files { get; } = [];

    /// <summary>Bytes of the files, as they were when they were looked at.</summary>
    public int Bytes { get; set; }

    public Task Completion => _done.Task;

    public void Done() => _done.SetResult();
}

/// <summary>A small file of a bundle.</summary>
internal sealed class BundledFile(SourceItem item, int length)
{
    public SourceItem Item => item;

    /// <summary>The length when it was looked at.</summary>
    public int Length => length;

    /// <summary>What the worker found; set before the bundle is done.</summary>
    public Extent[] Extents { get; set; } = [];

    /// <summary>Why the content may be a mixture, or is missing.</summary>
    public string? Problem { get; set; }

    /// <summary>Whether nothing could be read: the file isn't in the snapshot.</summary>
    public bool IsUnreadable { get; set; }
}

/// <summary>A full manifest chunk.</summary>
internal sealed class ManifestJob(byte[] content) : ChunkJob
{
    private readonly TaskCompletionSource<ManifestChunk> _done =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public byte[] Content => content;

    public Task<ManifestChunk> Completion => _done.Task;

    public void Done(ChunkId id) => _done.SetResult(new ManifestChunk(id, content.Length));
}

/// <summary>Up to 4,096 extents of a large file, set by the workers in any order.</summary>
internal sealed class FilePart
{
    private readonly List<Extent> _extents = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _unset = 1;

    public bool IsFull => _extents.Count >= FormatLimits.ExtentsPerRecord;

    public Task Completion => _done.Task;

    public IReadOnlyList<Extent> Extents => _extents;

    public void AddHole(long length)
    {
        lock (_lock)
        {
            _extents.Add(Extent.Hole(length));
        }
    }

    /// <summary>Makes room for an extent that a worker will set.</summary>
    public int Reserve()
    {
        // Before the extent can be set, and as one step: others are being set meanwhile, outside the lock.
        Interlocked.Increment(ref _unset);
        lock (_lock)
        {
            _extents.Add(default);
            return _extents.Count - 1;
        }
    }

    public void Set(int number, Extent extent)
    {
        lock (_lock)
        {
            CollectionsMarshal.AsSpan(_extents)[number] = extent;
        }

        Close();
    }

    /// <summary>Says that one extent was set, or that no more will be reserved.</summary>
    public void Close()
    {
        if (Interlocked.Decrement(ref _unset) == 0)
        {
            _done.SetResult();
        }
    }
}
