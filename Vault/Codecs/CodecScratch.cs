using Continuity.Vault.Storage;

namespace Continuity.Vault.Codecs;

/// <summary>Working memory that grows to what a worker's chunks need and is kept between them.</summary>
internal sealed class CodecScratch
{
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
            buffer = LargeMemory.Allocate(bytes);
        }

        return buffer.Span[..bytes];
    }
}
