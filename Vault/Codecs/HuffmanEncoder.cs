using System.Buffers.Binary;

namespace Continuity.Vault.Codecs;

/// <summary>
/// Writes bytes as a Huffman block: code lengths, three stream lengths, four streams of a quarter each.
/// </summary>
/// <remarks>
/// Four independent streams let a decoder work on four symbols at once (as in zstd's literals, RFC 8878 section 4.2).
/// One instance serves one thread.
/// </remarks>
internal sealed class HuffmanEncoder
{
    public const int Streams = 4;

    private readonly int[] _counts = new int[ByteHistogram.Size];
    private readonly byte[] _lengths = new byte[ByteHistogram.Size];
    private readonly ushort[] _codes = new ushort[ByteHistogram.Size];
    private readonly uint[] _entries = new uint[ByteHistogram.Size];

    /// <summary>Encodes <paramref name="source"/> if that saves at least 1 in 64 bytes.</summary>
    /// <returns>The block's length; 0 when it would save too little, or not fit.</returns>
    public int TryEncode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ByteHistogram.Count(source, _counts);
        if (source.Length < 64 || _counts.AsSpan().ContainsAnyInRange(source.Length, int.MaxValue))
        {
            return 0; // Too short, or a single value: not a code's business.
        }

        HuffmanCode.BuildLengths(_counts, _lengths);
        if (EstimateLength(source.Length) > Math.Min(source.Length - (source.Length / 64), destination.Length - 8))
        {
            return 0;
        }

        PrepareEntries();
        var position = HuffmanTableFormat.Write(_lengths, destination);
        var sizes = destination.Slice(position, (Streams - 1) * sizeof(uint));
        position += sizes.Length;
        var quarter = QuarterOf(source.Length);
        for (var stream = 0; stream < Streams; stream++)
        {
            var part = stream == Streams - 1 ? source[(stream * quarter)..] : source.Slice(stream * quarter, quarter);
            var written = WriteStream(part, destination[position..]);
            position += written;
            if (stream < Streams - 1)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(sizes[(stream * sizeof(uint))..], (uint)written);
            }
        }

        return position;
    }

    /// <summary>The number of bytes in each of the first three streams.</summary>
    public static int QuarterOf(int length) => length / Streams;

    // Exact but for the rounding of each stream to whole bytes.
    private int EstimateLength(int symbols)
    {
        long bits = 0;
        for (var value = 0; value < ByteHistogram.Size; value++)
        {
            bits += (long)_counts[value] * _lengths[value];
        }

        var streams = (bits / 8) + Streams;
        return (int)Math.Min(streams + HuffmanTableFormat.MaximumBytes + 12, 2L * symbols);
    }

    private void PrepareEntries()
    {
        HuffmanCode.AssignCodes(_lengths, _codes);
        for (var value = 0; value < _entries.Length; value++)
        {
            _entries[value] = ((uint)_codes[value] << 8) | _lengths[value];
        }
    }

    // Four symbols have at most 44 bits: with 7 left over from before they fit a word, which is stored whole each time.
    // The stores run up to 7 bytes past the end, into what the next stream overwrites; TryEncode left room for the last
    // one.
    private unsafe int WriteStream(ReadOnlySpan<byte> symbols, Span<byte> destination)
    {
        fixed (byte* source = symbols)
        fixed (byte* target = destination)
        fixed (uint* entries = _entries)
        {
            var position = source;
            var end = source + symbols.Length;
            var output = target;
            ulong bits = 0;
            var count = 0;
            for (; position + 4 <= end; position += 4)
            {
                var four = *(uint*)position;
                var a = entries[(byte)four];
                var b = entries[(byte)(four >> 8)];
                var c = entries[(byte)(four >> 16)];
                var d = entries[four >> 24];
                var lengthOfTwo = (int)(byte)a + (byte)b;
                var low = (a >> 8) | ((ulong)(b >> 8) << (int)a);
                var high = (c >> 8) | ((ulong)(d >> 8) << (int)c);
                bits |= (low | (high << lengthOfTwo)) << count;
                count += lengthOfTwo + (byte)c + (byte)d;
                *(ulong*)output = bits;
                output += count >> 3;
                bits >>= count & ~7;
                count &= 7;
            }

            for (; position < end; position++)
            {
                var entry = entries[*position];
                bits |= (ulong)(entry >> 8) << count;
                count += (byte)entry;
                *(ulong*)output = bits;
                output += count >> 3;
                bits >>= count & ~7;
                count &= 7;
            }

            *output = (byte)bits;
            return (int)(output - target) + (count > 0 ? 1 : 0);
        }
    }
}
