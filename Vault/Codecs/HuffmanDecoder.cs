using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Continuity.Vault.Codecs;

/// <summary>Reads Huffman blocks. Any bytes are safe to read: they decode to something or are refused.</summary>
/// <remarks>
/// One lookup of 11 bits gives up to six symbols. An entry is: bits used (8), symbols (48), number of symbols (8); the
/// next lookup waits for the bits used, so these need no shift.
/// The code is complete, so each entry uses 1 to 11 bits and yields 1 to 6 symbols: the five lookups of a round take at
/// most 55 bits and move the output by at most 30 bytes, which is all that the limits rely on. One instance serves one
/// thread.
/// </remarks>
internal sealed unsafe class HuffmanDecoder
{
    private const int LookupsPerRound = 5;
    private const int SymbolsPerLookup = 6;
    private const int SymbolsPerRound = LookupsPerRound * SymbolsPerLookup;

    // The last store of a round is eight bytes wide.
    private const int OutputMargin = SymbolsPerRound - SymbolsPerLookup + sizeof(ulong);

    private const ulong UsedBits = 0xFF;
    private const int SymbolsAt = 8;
    private const ulong FirstFiveSymbols = ((1ul << 40) - 1) << SymbolsAt;
    private const int CountAt = 56;

    private const int IndexMask = HuffmanCode.TableSize - 1;

    private readonly byte[] _lengths = new byte[ByteHistogram.Size];
    private readonly ushort[] _codes = new ushort[ByteHistogram.Size];
    private readonly ushort[] _single = new ushort[HuffmanCode.TableSize];
    private readonly ulong[] _several = new ulong[HuffmanCode.TableSize];

    // The same for fewer bits: the entries for n bits begin at 2^n. An entry without symbols decides nothing.
    private readonly ulong[] _shorter = new ulong[HuffmanCode.TableSize];

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

    // All four streams in step, for as many rounds as no stream can run out of, and again for what is left. Reads may
    // run into the next stream's bytes but not past the block; a stream that ran too far is found out by DecodeRest.
    private static void DecodeTogether(Stream* streams, byte* blockEnd, ulong* table)
    {
        byte* i0 = streams[0].Input, i1 = streams[1].Input, i2 = streams[2].Input, i3 = streams[3].Input;
        byte* o0 = streams[0].Output, o1 = streams[1].Output, o2 = streams[2].Output, o3 = streams[3].Output;
        ulong b0 = MarkedBits.None, b1 = MarkedBits.None, b2 = MarkedBits.None, b3 = MarkedBits.None;
        while (true)
        {
            streams[0].Output = o0;
            streams[1].Output = o1;
            streams[2].Output = o2;
            streams[3].Output = o3;
            var nearest = Math.Max(Math.Max((nint)i0, (nint)i1), Math.Max((nint)i2, (nint)i3));
            var rounds = SafeRounds(streams, (nint)blockEnd - nearest);
            if (rounds <= 0)
            {
                break;
            }

            for (; rounds > 0; rounds--)
            {
                b0 = MarkedBits.Refill(ref i0, b0);
                b1 = MarkedBits.Refill(ref i1, b1);
                b2 = MarkedBits.Refill(ref i2, b2);
                b3 = MarkedBits.Refill(ref i3, b3);
                LookUp(table, ref b0, ref o0);
                LookUp(table, ref b1, ref o1);
                LookUp(table, ref b2, ref o2);
                LookUp(table, ref b3, ref o3);
                LookUp(table, ref b0, ref o0);
                LookUp(table, ref b1, ref o1);
                LookUp(table, ref b2, ref o2);
                LookUp(table, ref b3, ref o3);
                LookUp(table, ref b0, ref o0);
                LookUp(table, ref b1, ref o1);
                LookUp(table, ref b2, ref o2);
                LookUp(table, ref b3, ref o3);
                LookUp(table, ref b0, ref o0);
                LookUp(table, ref b1, ref o1);
                LookUp(table, ref b2, ref o2);
                LookUp(table, ref b3, ref o3);
                LookUp(table, ref b0, ref o0);
                LookUp(table, ref b1, ref o1);
                LookUp(table, ref b2, ref o2);
                LookUp(table, ref b3, ref o3);
            }
        }

        Save(ref streams[0], i0, o0, b0);
        Save(ref streams[1], i1, o1, b1);
        Save(ref streams[2], i2, o2, b2);
        Save(ref streams[3], i3, o3, b3);
    }

    private static nint SafeRounds(Stream* streams, nint inputLeft)
    {
        var rounds = inputLeft < MarkedBits.RefillBytes
            ? 0
            : ((inputLeft - MarkedBits.RefillBytes) / MarkedBits.BytesPerRefill) + 1;
        for (var i = 0; i < HuffmanEncoder.Streams; i++)
        {
            var left = (nint)(streams[i].OutputEnd - streams[i].Output);
            rounds = Math.Min(rounds, left < OutputMargin ? 0 : ((left - OutputMargin) / SymbolsPerRound) + 1);
        }

        return rounds;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LookUp(ulong* table, ref ulong bits, ref byte* output)
    {
        var entry = table[bits & IndexMask];
        // A shift looks at the lowest six bits of its count only.
        bits >>= (int)entry;
        *(ulong*)output = entry >> SymbolsAt;
        output += entry >> CountAt;
    }

    private static void Save(ref Stream stream, byte* input, byte* output, ulong bits)
    {
        var used = MarkedBits.Used(bits);
        stream.Input = input + (used >> 3);
        stream.Output = output;
        stream.Bits = used & 7;
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

        for (var bits = 1; bits < HuffmanCode.MaximumBits; bits++)
        {
            FillTable(_shorter.AsSpan(1 << bits, 1 << bits), bits);
        }

        FillTable(_several, HuffmanCode.MaximumBits);
    }

    // An entry is its first symbol and the entry of the bits that this leaves: a code that needs more may not be used.
    private void FillTable(Span<ulong> table, int bits)
    {
        for (var index = 0; index < table.Length; index++)
        {
            ulong first = _single[index];
            var left = bits - (int)(first >> 8);
            var rest = left < 0 ? 0 : _shorter[(1 << left) + (index >> (bits - left))];
            var entry = ((rest & UsedBits) + (first >> 8))
                | ((first & 0xFF) << SymbolsAt)
                | ((rest & FirstFiveSymbols) << 8)
                | (((rest >> CountAt) + 1) << CountAt);
            table[index] = left < 0 ? 0 : rest >> CountAt < SymbolsPerLookup ? entry : Combine(index, bits);
        }
    }

    // As many symbols as an entry holds, of bits that decide more.
    private ulong Combine(int index, int known)
    {
        ulong symbols = 0;
        int bits = 0, count = 0;
        while (count < SymbolsPerLookup)
        {
            var entry = _single[index >> bits];
            if (bits + (entry >> 8) > known)
            {
                break;
            }

            symbols |= (ulong)(byte)entry << (8 * count++);
            bits += entry >> 8;
        }

        return (uint)bits | (symbols << SymbolsAt) | ((ulong)count << CountAt);
    }
}
