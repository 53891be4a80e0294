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
    // What is put together to be compared stays in the cache nearest to the core.
    private const int CompareBytes = 16 << 10;

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
        var parts = ReadParts(payload, raw.Length);
        parts.Start.CopyTo(raw);
        parts.End.CopyTo(raw[^parts.End.Length..]);
        PlaneTransform.Merge(parts.Layout, parts.Planes, raw[parts.Start.Length..^parts.End.Length]);
    }

    /// <summary>Whether a payload decodes to <paramref name="raw"/>; nothing of it is kept.</summary>
    /// <exception cref="CorruptChunkException">The payload is damaged.</exception>
    public bool Matches(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> raw)
    {
        var parts = ReadParts(payload, raw.Length);
        var numbers = raw[parts.Start.Length..^parts.End.Length];
        var width = parts.Layout.Width();
        var count = numbers.Length / width;
        var step = CompareBytes / width;
        var buffer = scratch.Proof(step * width);
        var matches = raw.StartsWith(parts.Start) && raw.EndsWith(parts.End);
        for (var start = 0; matches && start < count; start += step)
        {
            var some = Math.Min(step, count - start);
            var merged = buffer[..(some * width)];
            PlaneTransform.Merge(parts.Layout, parts.Planes.Slice(parts.Layout, start, some), merged);
            matches = numbers.Slice(start * width, merged.Length).SequenceEqual(merged);
        }

        return matches;
    }

    private Parts ReadParts(ReadOnlySpan<byte> payload, int rawLength)
    {
        var reader = new PayloadReader(ChunkCodec.Planes, payload);
        var layout = (PlaneLayout)reader.ReadByte();
        int phase = reader.ReadByte();
        if (!PlaneLayouts.IsKnown(layout) || phase >= layout.Width() || phase > rawLength)
        {
            CorruptChunkException.Throw(ChunkCodec.Planes, "its layout and phase do not fit the chunk");
        }

        var count = (rawLength - phase) / layout.Width();
        var whole = count * layout.Width();
        var start = reader.Read(phase);
        var end = reader.Read(rawLength - phase - whole);
        var room = scratch.Planes(whole);
        var planes = default(PlaneSet);
        for (var plane = 0; plane < layout.PlaneCount(); plane++)
        {
            var length = count * layout.PlaneWidth(plane);
            planes[plane] = block.Read(ref reader, room[..length]);
            room = room[length..];
        }

        reader.RequireEnd();
        return new Parts(layout, start, planes, end);
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

    // What a payload consists of: the bytes before the first whole number, the planes, the bytes after the last one.
    private readonly ref struct Parts(
        PlaneLayout layout, ReadOnlySpan<byte> start, PlaneSet planes, ReadOnlySpan<byte> end)
    {
        public PlaneLayout Layout { get; } = layout;

        public ReadOnlySpan<byte> Start { get; } = start;

        public PlaneSet Planes { get; } = planes;

        public ReadOnlySpan<byte> End { get; } = end;
    }
}
