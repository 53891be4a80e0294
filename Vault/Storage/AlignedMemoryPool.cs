using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Continuity.Vault.Storage;

/// <summary>Buffers that begin on a page boundary, as direct I/O needs, and are used again.</summary>
/// <remarks>Buffers are pinned managed arrays: the collector never moves them, and frees one that was never given back.
/// Capacities are powers of two, so ask for one where memory counts. Thread-safe.</remarks>
public sealed class AlignedMemoryPool
{
    /// <summary>Every buffer's address is a multiple of this many bytes.</summary>
    public const int Alignment = 4096;

    /// <summary>The largest buffer, in bytes.</summary>
    public const int MaxBufferBytes = 1 << 30;

    private readonly ConcurrentBag<Buffer>[] _free =
        [.. Enumerable.Range(0, 31).Select(_ => new ConcurrentBag<Buffer>())];
    private readonly long _maxRetainedBytes;
    private long _retainedBytes;

    /// <summary>Creates a pool.</summary>
    /// <param name="maxRetainedBytes">The most bytes kept for later use; what is given back beyond it is left to the
    /// collector.</param>
    public AlignedMemoryPool(long maxRetainedBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxRetainedBytes);
        _maxRetainedBytes = maxRetainedBytes;
    }

    /// <summary>Gets a pool for the whole process; keeps at most 64 MiB.</summary>
    public static AlignedMemoryPool Shared { get; } = new(64L << 20);

    /// <summary>Gets the bytes that wait for later use.</summary>
    public long RetainedBytes => Interlocked.Read(ref _retainedBytes);

    /// <summary>Tells whether direct I/O can use memory where it is.</summary>
    /// <param name="memory">The memory; must be pinned for the answer to last.</param>
    /// <returns>Whether it begins on a page boundary.</returns>
    public static unsafe bool IsAligned(ReadOnlySpan<byte> memory) =>
        (nuint)Unsafe.AsPointer(ref Unsafe.AsRef(in memory.GetPinnableReference())) % Alignment == 0;

    /// <summary>Takes a buffer with undefined content; dispose it to give it back.</summary>
    /// <param name="minimumBytes">The least capacity, at most <see cref="MaxBufferBytes"/>.</param>
    /// <returns>The buffer; its memory is as long as its capacity: the next power of two, at least a page.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minimumBytes"/> is out of range.</exception>
    public IMemoryOwner<byte> Rent(int minimumBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minimumBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minimumBytes, MaxBufferBytes);
        var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(minimumBytes, Alignment));
        if (_free[BitOperations.Log2((uint)capacity)].TryTake(out var buffer))
        {
            Interlocked.Add(ref _retainedBytes, -capacity);
            return new Lease(this, buffer);
        }

        return new Lease(this, new Buffer(capacity));
    }

    private void Return(Buffer buffer)
    {
        var capacity = buffer.Memory.Length;
        if (Interlocked.Add(ref _retainedBytes, capacity) > _maxRetainedBytes)
        {
            Interlocked.Add(ref _retainedBytes, -capacity);
            return;
        }

        _free[BitOperations.Log2((uint)capacity)].Add(buffer);
    }

    private sealed class Buffer(int capacity)
    {
        public Memory<byte> Memory { get; } = LargeMemory.Allocate(capacity);
    }

    // A lease of its own for every rent: disposing twice, or late, cannot give away a buffer that someone else holds.
    private sealed class Lease(AlignedMemoryPool pool, Buffer buffer) : IMemoryOwner<byte>
    {
        private Buffer? _buffer = buffer;

        public Memory<byte> Memory => _buffer?.Memory ?? throw new ObjectDisposedException(nameof(AlignedMemoryPool));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _buffer, null) is { } returned)
            {
                pool.Return(returned);
            }
        }
    }
}
