namespace Continuity.Vault.Codecs;

/// <summary>Code lengths on disk: first value, last value, then four bits for each value from first to last.</summary>
/// <remarks>Exponents lie close together: the table of a tensor's chunk takes some 20 bytes.</remarks>
internal static class HuffmanTableFormat
{
    public const int MaximumBytes = 2 + (ByteHistogram.Size / 2);

    public static int Write(ReadOnlySpan<byte> lengths, Span<byte> destination)
    {
        var first = lengths.IndexOfAnyExcept((byte)0);
        var last = lengths.LastIndexOfAnyExcept((byte)0);
        destination[0] = (byte)first;
        destination[1] = (byte)last;
        var position = 2;
        for (var value = first; value <= last; value += 2)
        {
            var next = value < last ? lengths[value + 1] : 0;
            destination[position++] = (byte)(lengths[value] | (next << 4));
        }

        return position;
    }

    /// <summary>Reads lengths that make a complete code.</summary>
    /// <returns>The bytes read.</returns>
    /// <exception cref="CorruptChunkException">The bytes end too early or are no complete code.</exception>
    public static int Read(ReadOnlySpan<byte> source, Span<byte> lengths, ChunkCodec codec)
    {
        lengths.Clear();
        var size = source.Length < 2 || source[1] < source[0] ? int.MaxValue : 2 + ((source[1] - source[0] + 2) / 2);
        if (size > source.Length)
        {
            CorruptChunkException.Throw(codec, "a table of code lengths is cut short");
        }

        int first = source[0], last = source[1];
        for (var value = first; value <= last; value++)
        {
            var pair = source[2 + ((value - first) / 2)];
            lengths[value] = (byte)(((value - first) & 1) == 0 ? pair & 15 : pair >> 4);
        }

        if (!HuffmanCode.IsComplete(lengths))
        {
            CorruptChunkException.Throw(codec, "a table of code lengths is not a complete code");
        }

        return size;
    }
}
