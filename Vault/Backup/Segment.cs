using System.Buffers;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Backup;

/// <summary>A buffer that file content is read into; the pieces cut out of it share it.</summary>
/// <remarks>Its front is left free for the end of the segment before: a chunk that lies across two reads is contiguous,
/// and at most one chunk's length is copied.</remarks>
internal sealed class Segment
{
    private readonly SegmentPool _pool;
    private readonly IMemoryOwner<byte> _buffer;
    private int _users;

    public Segment(SegmentPool pool, IMemoryOwner<byte> buffer)
    {
        _pool = pool;
        _buffer = buffer;
    }

    public Memory<byte> Memory => _buffer.Memory;

    public void Acquire() => Interlocked.Increment(ref _users);

    /// <summary>Says that a piece, or the reader itself, doesn't need the segment any more.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _pool.Return(this);
        }
    }

    public void Free() => _buffer.Dispose();
}

/// <summary>At most so many segments: the reader waits when the workers have them all. Their memory is taken when it
/// is first needed, and kept.</summary>
internal sealed class SegmentPool : IDisposable
{
    private readonly SemaphoreSlim _free;
    private readonly int _segmentBytes;
    private readonly Stack<Segment> _segments = new();
    private readonly Lock _lock = new();

    public SegmentPool(int segments, int segmentBytes)
    {
        _free = new SemaphoreSlim(segments);
        _segmentBytes = segmentBytes;
    }

    /// <summary>Takes a segment, in use by the caller.</summary>
    public Segment Take(CancellationToken cancellationToken)
    {
        _free.Wait(cancellationToken);
        lock (_lock)
        {
            var segment = _segments.TryPop(out var free)
                ? free : new Segment(this, AlignedMemoryPool.Shared.Rent(_segmentBytes));
            segment.Acquire();
            return segment;
        }
    }

    public void Return(Segment segment)
    {
        lock (_lock)
        {
            _segments.Push(segment);
        }

        _free.Release();
    }

    /// <summary>Gives the memory back; no segment may be in use.</summary>
    public void Dispose()
    {
        foreach (var segment in _segments)
        {
            segment.Free();
        }

        _free.Dispose();
    }
}
