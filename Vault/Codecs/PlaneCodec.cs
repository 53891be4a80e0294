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

        var written = TryEncodePlanes(raw.Slice(phase, whole), layout, destination[position..]);
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
        return raw.StartsWith(parts.Start)
            && raw.EndsWith(parts.End)
            && PlaneTransform.Matches(parts.Layout, parts.Planes, raw[parts.Start.Length..^parts.End.Length]);
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

    // Every plane but the last is put where a raw block of it would have it: most of them are noise, and stay there.
    // Room for all of them is in the scratch too, where a plane goes that turns out to be worth a code.
    private int TryEncodePlanes(ReadOnlySpan<byte> numbers, PlaneLayout layout, Span<byte> destination)
    {
        if (layout == PlaneLayout.Bytes)
        {
            return block.TryEncode(numbers, destination);
        }

        var last = layout.PlaneCount() - 1;
        var spare = PlaneRooms.Of(layout, scratch.Planes(numbers.Length));
        var rooms = spare;
        var place = 0;
        for (var plane = 0; plane < last; plane++)
        {
            var length = spare[plane].Length;
            if (destination.Length - place < PlaneBlock.RawHeaderBytes + length)
            {
                return 0;
            }

            rooms[plane] = destination.Slice(place + PlaneBlock.RawHeaderBytes, length);
            place += PlaneBlock.RawHeaderBytes + length;
        }

        PlaneTransform.Split(layout, numbers, rooms);
        var position = 0;
        for (var plane = 0; plane < last; plane++)
        {
            var length = rooms[plane].Length;
            position += block.EncodeInPlace(
                rooms[plane], spare[plane], destination.Slice(position, PlaneBlock.RawHeaderBytes + length));
        }

        var written = block.TryEncode(rooms[last], destination[position..]);
        return written == 0 ? 0 : position + written;
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
