using Continuity.Vault.Storage;

namespace Continuity.Vault.Codecs;

/// <summary>Working memory that grows to what a worker's chunks need and is kept between them.</summary>
/// <remarks>Chunks differ in length: memory that fitted each would be taken anew for every longer one, and cost a fault
/// per page each time. So it's taken in whole large pages, once.</remarks>
internal sealed class CodecScratch
{
    private const int SmallBytes = 256 << 10;

    private Memory<byte> _first;
    private Memory<byte> _second;
    private Memory<byte> _third;

    /// <summary>Gets memory for the planes of a chunk.</summary>
    public Span<byte> Planes(int bytes) => Take(ref _first, bytes);

    /// <summary>Gets memory for a chunk decoded again to compare it.</summary>
    public Span<byte> Proof(int bytes) => Take(ref _second, bytes);

    /// <summary>Gets memory for what a delta is made of.</summary>
    public Span<byte> Differences(int bytes) => Take(ref _third, bytes);

    private static Span<byte> Take(ref Memory<byte> buffer, int bytes)
    {
        if (buffer.Length < bytes)
        {
            buffer = LargeMemory.Allocate(bytes < SmallBytes ? bytes : RoundUp(bytes));
        }

        return buffer.Span[..bytes];
    }

    private static int RoundUp(int bytes)
        => (bytes + LargeMemory.HugePageBytes - 1) / LargeMemory.HugePageBytes * LargeMemory.HugePageBytes;
}
