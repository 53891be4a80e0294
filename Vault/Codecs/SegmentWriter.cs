using System.Buffers.Binary;

namespace Continuity.Vault.Codecs;

/// <summary>Divides a chunk where its layout changes, and writes the table of the segments.</summary>
/// <remarks>
/// Payload: count (2), then per segment codec (1), raw length (4), payload length (4); then the payloads.
/// </remarks>
internal sealed class SegmentWriter
{
    public const int HeaderBytes = sizeof(ushort);
    public const int EntryBytes = 1 + (2 * sizeof(uint));

    /// <summary>More segments than this are not worth their table.</summary>
    public const int MaximumSegments = 256;

    private readonly ChunkRegion[] _segments = new ChunkRegion[MaximumSegments];
    private (int Start, int End) _covered;
    private int _count;
    private int _written;

    /// <summary>Gets whether every segment was added.</summary>
    public bool IsComplete => _written == _count;

    /// <summary>
    /// Covers a chunk with segments: the regions, joined where one continues the other, and the gaps.
    /// </summary>
    /// <returns>One segment or more; none when there would be too many or the regions make no sense.</returns>
    public ReadOnlySpan<ChunkRegion> Divide(
        int rawLength, ReadOnlySpan<ChunkRegion> regions, (int Start, int End) covered)
    {
        _count = 0;
        _covered = covered;
        var position = 0;
        foreach (var region in regions)
        {
            if (region.Length == 0)
            {
                continue;
            }

            var isSane = region.Offset >= position && region.Length > 0 && region.Length <= rawLength - region.Offset
                && region.Phase >= 0 && region.Phase < PlaneLayouts.Of(region.Kind).Width();
            if (!isSane
                || !TryAppend(new ChunkRegion(position, region.Offset - position, ElementKind.Unknown, 0))
                || !TryAppend(region))
            {
                return [];
            }

            position = region.Offset + region.Length;
        }

        return TryAppend(new ChunkRegion(position, rawLength - position, ElementKind.Unknown, 0))
            ? _segments.AsSpan(0, _count)
            : [];
    }

    /// <summary>Starts a payload.</summary>
    /// <returns>Where the first segment's payload goes.</returns>
    public int BeginPayload(Span<byte> destination)
    {
        _written = 0;
        var length = HeaderBytes + (_count * EntryBytes);
        if (destination.Length >= length)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)_count);
            return length;
        }

        return destination.Length;
    }

    /// <summary>Notes a segment whose payload has been written.</summary>
    /// <returns>The length of its payload.</returns>
    public int Add(in ChunkRegion segment, EncodedChunk encoded, Span<byte> destination)
    {
        var entry = destination.Slice(HeaderBytes + (_written++ * EntryBytes), EntryBytes);
        entry[0] = (byte)encoded.Codec;
        BinaryPrimitives.WriteInt32LittleEndian(entry[1..], segment.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry[5..], encoded.Length);
        return encoded.Length;
    }

    private bool TryAppend(in ChunkRegion next)
    {
        foreach (var cut in (ReadOnlySpan<int>)[_covered.Start, _covered.End])
        {
            if (cut > next.Offset && cut < next.Offset + next.Length)
            {
                return TryAppend(next with { Length = cut - next.Offset }) && TryAppend(From(next, cut));
            }
        }

        if (next.Length == 0)
        {
            return true;
        }

        var isCut = next.Offset == _covered.Start || next.Offset == _covered.End;
        if (_count > 0 && !isCut && Continues(_segments[_count - 1], next))
        {
            ref var last = ref _segments[_count - 1];
            last = last with { Length = last.Length + next.Length };
            return true;
        }

        if (_count == MaximumSegments)
        {
            return false;
        }

        _segments[_count++] = next;
        return true;
    }

    private static ChunkRegion From(in ChunkRegion region, int start)
    {
        var width = PlaneLayouts.Of(region.Kind).Width();
        var skipped = start - region.Offset;
        var phase = (((region.Phase - skipped) % width) + width) % width;
        return new ChunkRegion(start, region.Length - skipped, region.Kind, phase);
    }

    private static bool Continues(in ChunkRegion last, in ChunkRegion next)
    {
        var width = PlaneLayouts.Of(next.Kind).Width();
        return last.Kind == next.Kind && (next.Offset + next.Phase - last.Offset - last.Phase) % width == 0;
    }
}
