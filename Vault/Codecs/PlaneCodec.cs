namespace Continuity.Vault.Codecs;

/// <summary>
/// Codes numbers plane by plane: skewed planes by Huffman, constant ones as one byte, random ones as they are.
/// </summary>
/// <remarks>
/// Weights gather round zero, so their exponents take some 2.6 bits of 8, while sign and mantissa are noise (as ZipNN,
/// Hershcovitch et al., 2024, found on public models). Payload: layout (1), phase (1), the bytes before the first whole
/// number, the bytes after the last one, the planes.
/// </remarks>
internal sealed class PlaneCodec(CodecScratch scratch, PlaneBlock block)
{
    /// <summary>Encodes if the result is shorter than the chunk.</summary>
    /// <returns>The payload's length, or 0.</returns>
    public int TryEncode(ReadOnlySpan<byte> raw, PlaneLayout layout, int phase, Span<byte> destination)
    {
        if (raw.Length < phase + (64 * layout.Width()))
        {
            return 0;
        }

        destination = destination[..Math.Min(destination.Length, raw.Length + PlaneBlock.Slack)];
        var whole = (raw.Length - phase) / layout.Width() * layout.Width();
        var tail = raw[(phase + whole)..];
        destination[0] = (byte)layout;
        destination[1] = (byte)phase;
        raw[..phase].CopyTo(destination[2..]);
        tail.CopyTo(destination[(2 + phase)..]);
        var position = 2 + phase + tail.Length;

        var planes = scratch.Planes(whole);
        PlaneTransform.Split(layout, raw.Slice(phase, whole), planes);
        var written = TryEncodePlanes(planes, layout, destination[position..]);
        return written > 0 && position + written < raw.Length ? position + written : 0;
    }

    /// <summary>Decodes a payload to exactly the bytes of <paramref name="raw"/>.</summary>
    /// <exception cref="CorruptChunkException">The payload is damaged.</exception>
    public void Decode(ReadOnlySpan<byte> payload, Span<byte> raw)
    {
        var reader = new PayloadReader(ChunkCodec.Planes, payload);
        var layout = (PlaneLayout)reader.ReadByte();
        int phase = reader.ReadByte();
        if (!PlaneLayouts.IsKnown(layout) || phase >= layout.Width() || phase > raw.Length)
        {
            CorruptChunkException.Throw(ChunkCodec.Planes, "its layout and phase do not fit the chunk");
        }

        var whole = (raw.Length - phase) / layout.Width() * layout.Width();
        var tail = raw[(phase + whole)..];
        reader.Read(phase).CopyTo(raw);
        reader.Read(tail.Length).CopyTo(tail);

        var planes = scratch.Planes(whole);
        DecodePlanes(ref reader, layout, planes);
        reader.RequireEnd();
        PlaneTransform.Merge(layout, planes, raw.Slice(phase, whole));
    }

    private int TryEncodePlanes(ReadOnlySpan<byte> planes, PlaneLayout layout, Span<byte> destination)
    {
        var count = planes.Length / layout.Width();
        var position = 0;
        for (var plane = 0; plane < layout.PlaneCount(); plane++)
        {
            var length = count * layout.PlaneWidth(plane);
            var written = block.TryEncode(planes[..length], destination[position..]);
            if (written == 0)
            {
                return 0;
            }

            planes = planes[length..];
            position += written;
        }

        return position;
    }

    private void DecodePlanes(ref PayloadReader reader, PlaneLayout layout, Span<byte> planes)
    {
        var count = planes.Length / layout.Width();
        for (var plane = 0; plane < layout.PlaneCount(); plane++)
        {
            var length = count * layout.PlaneWidth(plane);
            block.Decode(ref reader, planes[..length]);
            planes = planes[length..];
        }
    }
}
