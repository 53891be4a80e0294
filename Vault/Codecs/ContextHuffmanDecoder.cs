using System.Buffers.Binary;

namespace Continuity.Vault.Codecs;

/// <summary>Reads symbols with a Huffman code for each context. Any bytes are safe to read.</summary>
/// <remarks>
/// A table of 11 bits per context gives one symbol at a time; four streams are read in step. A symbol takes 0 to 11
/// bits, so five take at most 55, which one load after a shift by up to 7 has. One instance serves one thread.
/// </remarks>
internal sealed unsafe class ContextHuffmanDecoder
{
    private const int PerLoad = 5;
    private const int IndexMask = HuffmanCode.TableSize - 1;

    // symbol | bits << 8, for each context and each 11 bits.
    private readonly ushort[] _table = new ushort[DeltaSymbols.Contexts * HuffmanCode.TableSize];
    private readonly byte[] _lengths = new byte[ByteHistogram.Size];
    private readonly ushort[] _codes = new ushort[ByteHistogram.Size];

    private struct Stream
    {
        public int Input;
        public int InputEnd;
        public int Index;
        public int IndexEnd;
        public int Bits;
    }

    /// <summary>Decodes what is left of a payload; there is a context for each symbol.</summary>
    /// <exception cref="CorruptChunkException">The payload is damaged.</exception>
    public void Decode(ref PayloadReader payload, ReadOnlySpan<byte> contexts, Span<byte> symbols)
    {
        for (var context = 0; context < DeltaSymbols.Contexts; context++)
        {
            ReadTable(ref payload, _table.AsSpan(context * HuffmanCode.TableSize, HuffmanCode.TableSize));
        }

        var sizes = payload.Read((HuffmanEncoder.Streams - 1) * sizeof(uint));
        var body = payload.ReadToEnd();
        var streams = stackalloc Stream[HuffmanEncoder.Streams];
        Divide(sizes, body.Length, symbols.Length, streams);
        fixed (byte* input = body)
        fixed (byte* context = contexts)
        fixed (byte* symbol = symbols)
        fixed (ushort* table = _table)
        {
            DecodeTogether(streams, input, body.Length, table, context, symbol);
            for (var i = 0; i < HuffmanEncoder.Streams; i++)
            {
                DecodeRest(ref streams[i], input, table, context, symbol);
            }
        }
    }

    private void ReadTable(ref PayloadReader payload, Span<ushort> table)
    {
        switch (payload.ReadByte())
        {
            case 0:
                table.Clear();
                break;
            case 1:
                table.Fill(payload.ReadByte());
                break;
            case 2:
                payload.Skip(HuffmanTableFormat.Read(payload.Left, _lengths, ChunkCodec.Delta));
                FillTable(table);
                break;
            default:
                CorruptChunkException.Throw(ChunkCodec.Delta, "a context's code is of an unknown kind");
                break;
        }
    }

    private void FillTable(Span<ushort> table)
    {
        HuffmanCode.AssignCodes(_lengths, _codes);
        for (var symbol = 0; symbol < ByteHistogram.Size; symbol++)
        {
            var length = _lengths[symbol];
            for (int index = _codes[symbol]; length > 0 && index < table.Length; index += 1 << length)
            {
                table[index] = (ushort)(symbol | (length << 8));
            }
        }
    }

    private static void Divide(ReadOnlySpan<byte> sizes, int bodyLength, int symbols, Stream* streams)
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
                CorruptChunkException.Throw(ChunkCodec.Delta, $"stream {i} would end at byte {end} of {bodyLength}");
            }

            streams[i] = new Stream
            {
                Input = (int)start,
                InputEnd = (int)end,
                Index = i * quarter,
                IndexEnd = last ? symbols : (i + 1) * quarter,
            };
            start = end;
        }
    }

    // Loads may run into the next stream's bytes but not past the body; a stream that ran too far is found out by
    // DecodeRest.
    private static void DecodeTogether(
        Stream* streams, byte* input, int inputLength, ushort* table, byte* contexts, byte* symbols)
    {
        int p0 = streams[0].Input, p1 = streams[1].Input, p2 = streams[2].Input, p3 = streams[3].Input;
        int n0 = 0, n1 = 0, n2 = 0, n3 = 0;
        var quarter = streams[0].IndexEnd;
        var limit = inputLength - sizeof(ulong);
        var i = 0;
        for (; i + PerLoad <= quarter && p0 <= limit && p1 <= limit && p2 <= limit && p3 <= limit; i += PerLoad)
        {
            var b0 = *(ulong*)(input + p0) >> n0;
            var b1 = *(ulong*)(input + p1) >> n1;
            var b2 = *(ulong*)(input + p2) >> n2;
            var b3 = *(ulong*)(input + p3) >> n3;
            var context = contexts + i;
            var symbol = symbols + i;
            for (var k = 0; k < PerLoad; k++, context++, symbol++)
            {
                int e0 = table[(context[0] << HuffmanCode.MaximumBits) | (int)(b0 & IndexMask)];
                int e1 = table[(context[quarter] << HuffmanCode.MaximumBits) | (int)(b1 & IndexMask)];
                int e2 = table[(context[2 * quarter] << HuffmanCode.MaximumBits) | (int)(b2 & IndexMask)];
                int e3 = table[(context[3 * quarter] << HuffmanCode.MaximumBits) | (int)(b3 & IndexMask)];
                symbol[0] = (byte)e0;
                symbol[quarter] = (byte)e1;
                symbol[2 * quarter] = (byte)e2;
                symbol[3 * quarter] = (byte)e3;
                n0 += e0 >>= 8;
                n1 += e1 >>= 8;
                n2 += e2 >>= 8;
                n3 += e3 >>= 8;
                b0 >>= e0;
                b1 >>= e1;
                b2 >>= e2;
                b3 >>= e3;
            }

            p0 += n0 >> 3;
            p1 += n1 >> 3;
            p2 += n2 >> 3;
            p3 += n3 >> 3;
            n0 &= 7;
            n1 &= 7;
            n2 &= 7;
            n3 &= 7;
        }

        (streams[0].Input, streams[0].Bits) = (p0, n0);
        (streams[1].Input, streams[1].Bits) = (p1, n1);
        (streams[2].Input, streams[2].Bits) = (p2, n2);
        (streams[3].Input, streams[3].Bits) = (p3, n3);
        for (var stream = 0; stream < HuffmanEncoder.Streams; stream++)
        {
            streams[stream].Index += i;
        }
    }

    private static void DecodeRest(ref Stream stream, byte* input, ushort* table, byte* contexts, byte* symbols)
    {
        while (stream.Index < stream.IndexEnd && stream.Input <= stream.InputEnd)
        {
            var left = stream.InputEnd - stream.Input;
            var word = ReadWord(input + stream.Input, left) >> stream.Bits;
            for (var i = 0; i < PerLoad && stream.Index < stream.IndexEnd; i++, stream.Index++)
            {
                int entry = table[(contexts[stream.Index] << HuffmanCode.MaximumBits) | (int)(word & IndexMask)];
                symbols[stream.Index] = (byte)entry;
                word >>= entry >> 8;
                stream.Bits += entry >> 8;
            }

            stream.Input += stream.Bits >> 3;
            stream.Bits &= 7;
        }

        if (stream.Input + (stream.Bits > 0 ? 1 : 0) != stream.InputEnd)
        {
            CorruptChunkException.Throw(ChunkCodec.Delta, "a stream of codes does not end where it should");
        }
    }

    private static ulong ReadWord(byte* input, int count)
    {
        if (count >= sizeof(ulong))
        {
            return *(ulong*)input;
        }

        ulong word = 0;
        for (var i = 0; i < count; i++)
        {
            word |= (ulong)input[i] << (8 * i);
        }

        return word;
    }
}
