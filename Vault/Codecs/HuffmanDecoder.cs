using System.Buffers.Binary;

namespace Continuity.Vault.Codecs;

/// <summary>Reads Huffman blocks. Any bytes are safe to read: they decode to something or are refused.</summary>
/// <remarks>
/// One lookup of 11 bits gives up to six symbols. An entry is: bits used (8), number of symbols (8), the symbols (48).
/// The code is complete, so each entry uses 1 to 11 bits and yields 1 to 6 symbols: four lookups take at most 44 bits
/// and move the output by at most 24 bytes, which is all that the fast loop's limits rely on. One instance serves one
/// thread.
/// </remarks>
internal sealed unsafe class HuffmanDecoder
{
    private const int LookupsPerRound = 4;
    private const int SymbolsPerLookup = 6;

    // The last store of a round begins before the limit of the round's symbols and is eight bytes wide.
    private const int OutputMargin = (LookupsPerRound * SymbolsPerLookup) + sizeof(ulong);

    private const int IndexMask = HuffmanCode.TableSize - 1;

    private readonly byte[] _lengths = new byte[ByteHistogram.Size];
    private readonly ushort[] _codes = new ushort[ByteHistogram.Size];
    private readonly ushort[] _single = new ushort[HuffmanCode.TableSize];
    private readonly ulong[] _several = new ulong[HuffmanCode.TableSize];

    private struct Stream
    {
        public byte* Input;
        public byte* InputEnd;
        public byte* Output;
        public byte* OutputEnd;
        public int Bits;
    }

    /// <summary>Decodes a block that must fill <paramref name="destination"/> and be used up by it.</summary>
    /// <exception cref="CorruptChunkException">The block is damaged.</exception>
    public void Decode(ReadOnlySpan<byte> block, Span<byte> destination, ChunkCodec codec)
    {
        var position = HuffmanTableFormat.Read(block, _lengths, codec);
        BuildTables();
        var sizesLength = (HuffmanEncoder.Streams - 1) * sizeof(uint);
        if (block.Length - position < sizesLength)
        {
            CorruptChunkException.Throw(codec, "the lengths of four streams are cut short");
        }

        var sizes = block.Slice(position, sizesLength);
        var body = block[(position + sizesLength)..];
        fixed (byte* input = body)
        fixed (byte* output = destination)
        {
            var streams = stackalloc Stream[HuffmanEncoder.Streams];
            Divide(sizes, body.Length, destination.Length, streams, codec);
            for (var i = 0; i < HuffmanEncoder.Streams; i++)
            {
                streams[i].Input = input + (nint)streams[i].Input;
                streams[i].InputEnd = input + (nint)streams[i].InputEnd;
                streams[i].Output = output + (nint)streams[i].Output;
                streams[i].OutputEnd = output + (nint)streams[i].OutputEnd;
            }

            fixed (ulong* table = _several)
            {
                DecodeTogether(streams, input + body.Length, table);
            }

            for (var i = 0; i < HuffmanEncoder.Streams; i++)
            {
                DecodeRest(ref streams[i], codec);
            }
        }
    }

    // Offsets first, pointers later: the sizes come from the block and are checked against both ends here.
    private static void Divide(ReadOnlySpan<byte> sizes, int bodyLength, int symbols, Stream* streams, ChunkCodec codec)
    {
        long start = 0;
        var quarter = HuffmanEncoder.QuarterOf(symbols);
        for (var i = 0; i < HuffmanEncoder.Streams; i++)
        {
            var last = i == HuffmanEncoder.Streams - 1;
            var end = last
                ? bodyLength
                : start + BinaryPrimitives.ReadUInt32LittleEndian(sizes[(i * sizeof(uint))..]);
            if (end > bodyLength || end < start)
            {
                CorruptChunkException.Throw(codec, $"stream {i} would end at byte {end} of {bodyLength}");
            }

            streams[i] = new Stream
            {
                Input = (byte*)start,
                InputEnd = (byte*)end,
                Output = (byte*)(nint)(i * quarter),
                OutputEnd = (byte*)(nint)(last ? symbols : (i + 1) * quarter),
            };
            start = end;
        }
    }

    // All four streams in step while each has room for a round. Reads may run into the next stream's bytes but not past
    // the block; a stream that ran too far is found out by DecodeRest.
    private static void DecodeTogether(Stream* streams, byte* blockEnd, ulong* table)
    {
        byte* i0 = streams[0].Input, i1 = streams[1].Input, i2 = streams[2].Input, i3 = streams[3].Input;
        byte* o0 = streams[0].Output, o1 = streams[1].Output, o2 = streams[2].Output, o3 = streams[3].Output;
        int n0 = 0, n1 = 0, n2 = 0, n3 = 0;
        byte* l0 = streams[0].OutputEnd - OutputMargin, l1 = streams[1].OutputEnd - OutputMargin;
        byte* l2 = streams[2].OutputEnd - OutputMargin, l3 = streams[3].OutputEnd - OutputMargin;
        var inputLimit = blockEnd - sizeof(ulong);
        while (o0 <= l0 && o1 <= l1 && o2 <= l2 && o3 <= l3
            && i0 <= inputLimit && i1 <= inputLimit && i2 <= inputLimit && i3 <= inputLimit)
        {
            ulong b0 = *(ulong*)i0 >> n0, b1 = *(ulong*)i1 >> n1, b2 = *(ulong*)i2 >> n2, b3 = *(ulong*)i3 >> n3;
            for (var round = 0; round < LookupsPerRound; round++)
            {
                ulong e0 = table[b0 & IndexMask], e1 = table[b1 & IndexMask];
                ulong e2 = table[b2 & IndexMask], e3 = table[b3 & IndexMask];
                *(ulong*)o0 = e0 >> 16;
                *(ulong*)o1 = e1 >> 16;
                *(ulong*)o2 = e2 >> 16;
                *(ulong*)o3 = e3 >> 16;
                b0 >>= (int)e0;
                b1 >>= (int)e1;
                b2 >>= (int)e2;
                b3 >>= (int)e3;
                n0 += (byte)e0;
                n1 += (byte)e1;
                n2 += (byte)e2;
                n3 += (byte)e3;
                o0 += (byte)(e0 >> 8);
                o1 += (byte)(e1 >> 8);
                o2 += (byte)(e2 >> 8);
                o3 += (byte)(e3 >> 8);
            }

            i0 += n0 >> 3;
            i1 += n1 >> 3;
            i2 += n2 >> 3;
            i3 += n3 >> 3;
            n0 &= 7;
            n1 &= 7;
            n2 &= 7;
            n3 &= 7;
        }

        Save(ref streams[0], i0, o0, n0);
        Save(ref streams[1], i1, o1, n1);
        Save(ref streams[2], i2, o2, n2);
        Save(ref streams[3], i3, o3, n3);
    }

    private static void Save(ref Stream stream, byte* input, byte* output, int bits)
    {
        stream.Input = input;
        stream.Output = output;
        stream.Bits = bits;
    }

    private void DecodeRest(ref Stream stream, ChunkCodec codec)
    {
        while (stream.Output < stream.OutputEnd)
        {
            var left = stream.InputEnd - stream.Input;
            if (left < 0)
            {
                break;
            }

            var word = left >= sizeof(ulong) ? *(ulong*)stream.Input : ReadEnd(stream.Input, (int)left);
            word >>= stream.Bits;
            for (var i = 0; i < 5 && stream.Output < stream.OutputEnd; i++)
            {
                var entry = _single[word & IndexMask];
                *stream.Output++ = (byte)entry;
                word >>= entry >> 8;
                stream.Bits += entry >> 8;
            }

            stream.Input += stream.Bits >> 3;
            stream.Bits &= 7;
        }

        if (stream.Input + (stream.Bits > 0 ? 1 : 0) != stream.InputEnd)
        {
            CorruptChunkException.Throw(codec, "a stream of codes does not end where it should");
        }
    }

    private static ulong ReadEnd(byte* input, int count)
    {
        ulong word = 0;
        for (var i = 0; i < count; i++)
        {
            word |= (ulong)input[i] << (8 * i);
        }

        return word;
    }

    private void BuildTables()
    {
        HuffmanCode.AssignCodes(_lengths, _codes);
        for (var symbol = 0; symbol < ByteHistogram.Size; symbol++)
        {
            var length = _lengths[symbol];
            if (length == 0)
            {
                continue;
            }

            for (int index = _codes[symbol]; index < HuffmanCode.TableSize; index += 1 << length)
            {
                _single[index] = (ushort)(symbol | (length << 8));
            }
        }

        for (var index = 0; index < HuffmanCode.TableSize; index++)
        {
            _several[index] = Combine(index);
        }
    }

    // As many symbols as the known bits decide: a code that needs bits beyond the index may not be used.
    private ulong Combine(int index)
    {
        ulong symbols = 0;
        int bits = 0, count = 0;
        while (count < SymbolsPerLookup)
        {
            var entry = _single[index >> bits];
            if (bits + (entry >> 8) > HuffmanCode.MaximumBits)
            {
                break;
            }

            symbols |= (ulong)(byte)entry << (8 * count++);
            bits += entry >> 8;
        }

        return (symbols << 16) | ((uint)count << 8) | (uint)bits;
    }
}
