using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Continuity.Vault.Codecs;

/// <summary>Reads symbols with a Huffman code for each context. Any bytes are safe to read.</summary>
/// <remarks>
/// A table of 11 bits per context gives one symbol at a time; four streams are read in step. A symbol takes 0 to 11
/// bits, so five take at most 55, which one load has. One instance serves one thread.
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
        byte* p0 = input + streams[0].Input, p1 = input + streams[1].Input;
        byte* p2 = input + streams[2].Input, p3 = input + streams[3].Input;
        ulong b0 = MarkedBits.None, b1 = MarkedBits.None, b2 = MarkedBits.None, b3 = MarkedBits.None;
        nint quarter = streams[0].IndexEnd;
        nint threeQuarters = 3 * quarter;
        var limit = input + inputLength - MarkedBits.RefillBytes;
        var context = contexts;
        var symbol = symbols;
        var end = symbols + quarter - PerLoad;
        while (symbol <= end && p0 <= limit && p1 <= limit && p2 <= limit && p3 <= limit)
        {
            b0 = MarkedBits.Refill(ref p0, b0);
            b1 = MarkedBits.Refill(ref p1, b1);
            b2 = MarkedBits.Refill(ref p2, b2);
            b3 = MarkedBits.Refill(ref p3, b3);
            for (var k = 0; k < PerLoad; k++, context++, symbol++)
            {
                symbol[0] = LookUp(table, context[0], ref b0);
                symbol[quarter] = LookUp(table, context[quarter], ref b1);
                symbol[2 * quarter] = LookUp(table, context[2 * quarter], ref b2);
                symbol[threeQuarters] = LookUp(table, context[threeQuarters], ref b3);
            }
        }

        Save(ref streams[0], (int)(p0 - input), b0);
        Save(ref streams[1], (int)(p1 - input), b1);
        Save(ref streams[2], (int)(p2 - input), b2);
        Save(ref streams[3], (int)(p3 - input), b3);
        for (var stream = 0; stream < HuffmanEncoder.Streams; stream++)
        {
            streams[stream].Index += (int)(symbol - symbols);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte LookUp(ushort* table, uint context, ref ulong bits)
    {
        uint entry = table[(context << HuffmanCode.MaximumBits) + (uint)(bits & IndexMask)];
        bits >>= (int)(entry >> 8);
        return (byte)entry;
    }

    private static void Save(ref Stream stream, int input, ulong bits)
    {
        var used = MarkedBits.Used(bits);
        stream.Input = input + (used >> 3);
        stream.Bits = used & 7;
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
