using System.Buffers.Binary;

namespace Continuity.Vault.Codecs;

/// <summary>
/// Writes bytes as a Huffman block: code lengths, three stream lengths, four streams of a quarter each.
/// </summary>
/// <remarks>
/// Four independent streams let a decoder work on four symbols at once (as in zstd's literals, RFC 8878 section 4.2).
/// One instance serves one thread.
/// </remarks>
internal sealed class HuffmanEncoder(HuffmanWriting best)
{
    public const int Streams = 4;

    private const int LengthBits = 5;
    private const uint LengthMask = (1 << LengthBits) - 1;

    private const int BlockSymbols = 1024;

    private readonly int[] _counts = new int[ByteHistogram.Size];
    private readonly byte[] _lengths = new byte[ByteHistogram.Size];
    private readonly ushort[] _codes = new ushort[ByteHistogram.Size];

    // For each two bytes in a row: length of both codes (5 bits), both codes. A quarter of a megabyte, of which a
    // tensor's exponents touch a few kilobytes.
    private uint[]? _pairs;

    private byte[]? _table;
    private HuffmanWriting _writing;

    // With more values than this, the table of pairs would cost more to fill and to read than it saves.
    private const int MostValuesForPairs = 96;

    /// <summary>Creates an encoder for this machine.</summary>
    public HuffmanEncoder()
        : this(Vector512HuffmanWriter.IsSupported ? HuffmanWriting.ByVectors : HuffmanWriting.ByPairs)
    {
    }

    /// <summary>Encodes <paramref name="source"/> if that saves at least 1 in 64 bytes.</summary>
    /// <returns>The block's length; 0 when it would save too little, or not fit.</returns>
    public int TryEncode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ByteHistogram.Count(source, _counts);
        if (source.Length < 64 || _counts.AsSpan().Count(0) >= ByteHistogram.Size - 1)
        {
            return 0; // Too short, or a single value: not a code's business.
        }

        HuffmanCode.BuildLengths(_counts, _lengths);
        if (EstimateLength(source.Length) > Math.Min(source.Length - (source.Length / 64), destination.Length))
        {
            return 0;
        }

        HuffmanCode.AssignCodes(_lengths, _codes);
        Prepare();
        var position = HuffmanTableFormat.Write(_lengths, destination);
        var sizes = destination.Slice(position, (Streams - 1) * sizeof(uint));
        position += sizes.Length;
        var quarter = QuarterOf(source.Length);
        for (var stream = 0; stream < Streams; stream++)
        {
            var part = stream == Streams - 1 ? source[(stream * quarter)..] : source.Slice(stream * quarter, quarter);
            var written = WriteStream(part, destination[position..]);
            if (written < 0)
            {
                return 0;
            }

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

    // A block's codes, the symbols after the last block, and a store that runs over.
    private static int RoomFor(int symbols)
        => (Math.Min(BlockSymbols, symbols) * HuffmanCode.MaximumBits / 8) + 16;

    // From the counts, which may be of a sample.
    private long EstimateLength(int symbols)
    {
        long bits = 0, counted = 0;
        for (var value = 0; value < ByteHistogram.Size; value++)
        {
            bits += (long)_counts[value] * _lengths[value];
            counted += _counts[value];
        }

        return (bits * symbols / counted / 8) + Streams + HuffmanTableFormat.MaximumBytes + 12;
    }

    private void Prepare()
    {
        _writing = best;
        if (_writing == HuffmanWriting.ByVectors)
        {
            _table ??= new byte[Vector512HuffmanWriter.TableBytes];
            Vector512HuffmanWriter.FillTable(_codes, _lengths, _table);
        }
        else if (_writing == HuffmanWriting.ByPairs && !TryPreparePairs())
        {
            _writing = HuffmanWriting.One;
        }
    }

    // Only pairs of values that occur are ever looked up, so only these are written.
    private bool TryPreparePairs()
    {
        Span<byte> used = stackalloc byte[ByteHistogram.Size];
        var count = 0;
        for (var value = 0; value < ByteHistogram.Size; value++)
        {
            if (_lengths[value] > 0)
            {
                used[count++] = (byte)value;
            }
        }

        if (count > MostValuesForPairs)
        {
            return false;
        }

        used = used[..count];
        _pairs ??= new uint[ByteHistogram.Size * ByteHistogram.Size];
        foreach (var second in used)
        {
            var row = _pairs.AsSpan(second << 8, ByteHistogram.Size);
            uint code = _codes[second];
            uint length = _lengths[second];
            foreach (var first in used)
            {
                uint firstLength = _lengths[first];
                row[first] = ((_codes[first] | (code << (int)firstLength)) << LengthBits) | (firstLength + length);
            }
        }

        return true;
    }

    // Room is checked per block of symbols. The stores run up to 7 bytes past the end, into what the next stream
    // overwrites.
    private unsafe int WriteStream(ReadOnlySpan<byte> symbols, Span<byte> destination)
    {
        fixed (byte* source = symbols)
        fixed (byte* target = destination)
        {
            var sink = new BitSink { Output = target };
            var limit = target + destination.Length - RoomFor(symbols.Length);
            for (var position = 0; position < symbols.Length; position += BlockSymbols)
            {
                if (sink.Output > limit)
                {
                    return -1;
                }

                WriteBlock(source + position, Math.Min(BlockSymbols, symbols.Length - position), ref sink);
            }

            return (int)(sink.End() - target);
        }
    }

    private unsafe void WriteBlock(byte* symbols, int count, ref BitSink sink)
    {
        var written = 0;
        switch (_writing)
        {
            case HuffmanWriting.ByVectors:
                written = count & ~(Vector512HuffmanWriter.BlockSymbols - 1);
                fixed (byte* table = _table)
                {
                    Vector512HuffmanWriter.Write(symbols, written, table, ref sink);
                }

                break;
            case HuffmanWriting.ByPairs:
                written = count & ~3;
                WritePairs(symbols, written, ref sink);
                break;
            default:
                written = count & ~3;
                WriteFours(symbols, written, ref sink);
                break;
        }

        for (; written < count; written++)
        {
            var symbol = symbols[written];
            sink.Add(_codes[symbol], _lengths[symbol]);
        }
    }

    // Four symbols have at most 44 bits: with 7 left over from before they fit a word, which is stored whole each time.
    private unsafe void WritePairs(byte* symbols, int count, ref BitSink sink)
    {
        fixed (uint* pairs = _pairs)
        {
            var local = sink;
            for (var end = symbols + count; symbols < end; symbols += 4)
            {
                var four = *(uint*)symbols;
                var low = pairs[(ushort)four];
                var high = pairs[four >> 16];
                var lowLength = (int)(low & LengthMask);
                local.Add(
                    (low >> LengthBits) | ((ulong)(high >> LengthBits) << lowLength),
                    lowLength + (int)(high & LengthMask));
            }

            sink = local;
        }
    }

    private unsafe void WriteFours(byte* symbols, int count, ref BitSink sink)
    {
        fixed (ushort* codes = _codes)
        fixed (byte* lengths = _lengths)
        {
            var local = sink;
            for (var end = symbols + count; symbols < end; symbols += 4)
            {
                int a = symbols[0], b = symbols[1], c = symbols[2], d = symbols[3];
                var lengthOfTwo = lengths[a] + lengths[b];
                var low = codes[a] | ((ulong)codes[b] << lengths[a]);
                var high = codes[c] | ((ulong)codes[d] << lengths[c]);
                local.Add(low | (high << lengthOfTwo), lengthOfTwo + lengths[c] + lengths[d]);
            }

            sink = local;
        }
    }
}
