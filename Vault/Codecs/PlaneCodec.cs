using System.Buffers.Binary;

namespace Continuity.Vault.Codecs;

/// <summary>
/// Codes numbers plane by plane: skewed planes by Huffman, constant ones as one byte, random ones as they are.
/// </summary>
/// <remarks>
/// Weights gather round zero, so their exponents take some 2.6 bits of 8, while sign and mantissa are noise (as ZipNN,
/// Hershcovitch et al., 2024, found on public models). Payload: layout (1), phase (1), the bytes before the first whole
/// number, the bytes after the last one, the planes. A plane: mode (1), then the bytes, one byte, or the length (4) and
/// the Huffman block.
/// </remarks>
internal sealed class PlaneCodec(CodecScratch scratch)
{
    private const byte RawMode = 0;
    private const byte ConstantMode = 1;
    private const byte HuffmanMode = 2;

    // A plane is sampled in stretches before it is counted whole: noise is recognised at 1/16 of the cost.
    private const int SampleStretch = 256;
    private const int SampleStep = 16 * SampleStretch;
    private const double NoiseBits = 7.85;

    private readonly HuffmanEncoder _encoder = new();
    private readonly HuffmanDecoder _decoder = new();
    private readonly int[] _counts = new int[ByteHistogram.Size];

    /// <summary>Encodes if the result is shorter than the chunk.</summary>
    /// <returns>The payload's length, or 0.</returns>
    public int TryEncode(ReadOnlySpan<byte> raw, PlaneLayout layout, int phase, Span<byte> destination)
    {
        if (raw.Length < phase + (64 * layout.Width()))
        {
            return 0;
        }

        destination = destination[..Math.Min(destination.Length, raw.Length + 8)];
        var whole = (raw.Length - phase) / layout.Width() * layout.Width();
        var tail = raw[(phase + whole)..];
        destination[0] = (byte)layout;
        destination[1] = (byte)phase;
        raw[..phase].CopyTo(destination[2..]);
        tail.CopyTo(destination[(2 + phase)..]);
        var position = 2 + phase + tail.Length;

        var planes = scratch.Planes(whole);
        PlaneTransform.Split(layout, raw.Slice(phase, whole), planes);
        var count = whole / layout.Width();
        for (var plane = 0; plane < layout.PlaneCount(); plane++)
        {
            var length = count * layout.PlaneWidth(plane);
            var written = TryEncodePlane(planes[..length], destination[position..]);
            if (written == 0)
            {
                return 0;
            }

            planes = planes[length..];
            position += written;
        }

        return position < raw.Length ? position : 0;
    }

    /// <summary>Decodes a payload to exactly the bytes of <paramref name="raw"/>.</summary>
    /// <exception cref="CorruptChunkException">The payload is damaged.</exception>
    public void Decode(ReadOnlySpan<byte> payload, Span<byte> raw)
    {
        var layout = payload.Length < 2 ? default : (PlaneLayout)payload[0];
        if (!PlaneLayouts.IsKnown(layout) || payload[1] >= layout.Width() || payload[1] > raw.Length)
        {
            CorruptChunkException.Throw(ChunkCodec.Planes, "its layout and phase do not fit the chunk");
        }

        int phase = payload[1];
        var count = (raw.Length - phase) / layout.Width();
        var whole = count * layout.Width();
        var tail = raw[(phase + whole)..];
        payload = payload[2..];
        Take(ref payload, phase).CopyTo(raw);
        Take(ref payload, tail.Length).CopyTo(tail);

        var planes = scratch.Planes(whole);
        var rest = planes;
        for (var plane = 0; plane < layout.PlaneCount(); plane++)
        {
            var length = count * layout.PlaneWidth(plane);
            DecodePlane(ref payload, rest[..length]);
            rest = rest[length..];
        }

        if (!payload.IsEmpty)
        {
            CorruptChunkException.Throw(ChunkCodec.Planes, $"{payload.Length} bytes follow the last plane");
        }

        PlaneTransform.Merge(layout, planes, raw.Slice(phase, whole));
    }

    private int TryEncodePlane(ReadOnlySpan<byte> plane, Span<byte> destination)
    {
        if (destination.Length < 16)
        {
            return 0;
        }

        if (!plane.ContainsAnyExcept(plane[0]))
        {
            destination[0] = ConstantMode;
            destination[1] = plane[0];
            return 2;
        }

        if (!LooksRandom(plane))
        {
            var written = _encoder.TryEncode(plane, destination[5..]);
            if (written > 0)
            {
                destination[0] = HuffmanMode;
                BinaryPrimitives.WriteInt32LittleEndian(destination[1..], written);
                return 5 + written;
            }
        }

        if (destination.Length <= plane.Length)
        {
            return 0;
        }

        destination[0] = RawMode;
        plane.CopyTo(destination[1..]);
        return 1 + plane.Length;
    }

    private bool LooksRandom(ReadOnlySpan<byte> plane)
    {
        if (plane.Length < 4 * SampleStep)
        {
            return false;
        }

        Array.Clear(_counts);
        var total = 0;
        for (var start = 0; start + SampleStretch <= plane.Length; start += SampleStep)
        {
            foreach (var value in plane.Slice(start, SampleStretch))
            {
                _counts[value]++;
            }

            total += SampleStretch;
        }

        // A sample of random bytes has a little less than 8 bits: (256 - 1) / (2 ln 2 total).
        return ByteHistogram.Entropy(_counts, total) > NoiseBits - (184.0 / total);
    }

    private void DecodePlane(ref ReadOnlySpan<byte> payload, Span<byte> plane)
    {
        switch (Take(ref payload, 1)[0])
        {
            case RawMode:
                Take(ref payload, plane.Length).CopyTo(plane);
                break;
            case ConstantMode:
                plane.Fill(Take(ref payload, 1)[0]);
                break;
            case HuffmanMode:
                var length = BinaryPrimitives.ReadInt32LittleEndian(Take(ref payload, sizeof(int)));
                _decoder.Decode(Take(ref payload, length), plane, ChunkCodec.Planes);
                break;
            default:
                CorruptChunkException.Throw(ChunkCodec.Planes, "a plane has an unknown mode");
                break;
        }
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> payload, int length)
    {
        if ((uint)length > (uint)payload.Length)
        {
            CorruptChunkException.Throw(
                ChunkCodec.Planes, $"{length} bytes are announced where {payload.Length} are left");
        }

        var taken = payload[..length];
        payload = payload[length..];
        return taken;
    }
}
