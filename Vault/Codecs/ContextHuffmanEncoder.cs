using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Continuity.Vault.Codecs;

/// <summary>Writes symbols with a Huffman code for each context.</summary>
/// <remarks>
/// The decoder knows the contexts, so switching costs nothing. Per context: kind (1): 0 unused, 1 one symbol (1) of no
/// bits, 2 code lengths; then three stream lengths (4 each) and four streams of a quarter each. One instance serves one
/// thread.
/// </remarks>
internal sealed class ContextHuffmanEncoder
{
    private const int Symbols = ByteHistogram.Size;

    private const int BlockSymbols = 32;

    private const int TableLength = DeltaSymbols.Contexts * Symbols;

    private readonly int[] _counts = new int[TableLength];
    private readonly int[] _partial = new int[4 * TableLength];
    private readonly byte[] _lengths = new byte[DeltaSymbols.Contexts * Symbols];
    private readonly uint[] _entries = new uint[DeltaSymbols.Contexts * Symbols];
    private readonly ushort[] _codes = new ushort[Symbols];

    /// <summary>Counts the symbols and builds the codes.</summary>
    /// <returns>The bytes that <see cref="Write"/> will need at most.</returns>
    public int Prepare(ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> contexts)
    {
        Array.Clear(_lengths);
        Array.Clear(_entries);
        Count(symbols, contexts);

        long bits = 0;
        for (var context = 0; context < DeltaSymbols.Contexts; context++)
        {
            var counts = _counts.AsSpan(context * Symbols, Symbols);
            if (counts.Length - counts.Count(0) > 1)
            {
                bits += PrepareContext(counts, context);
            }
        }

        var tables = DeltaSymbols.Contexts * (1 + HuffmanTableFormat.MaximumBytes);
        return (int)Math.Min((bits / 8) + tables + 32, int.MaxValue);
    }

    // Four tables, so that a repeated symbol doesn't wait for its own last store.
    private unsafe void Count(ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> contexts)
    {
        const int Tables = 4;
        Array.Clear(_partial);
        var places = stackalloc ushort[BlockSymbols];
        fixed (byte* symbol = symbols)
        fixed (byte* context = contexts)
        fixed (int* counts = _partial)
        {
            var i = 0;
            for (; i + BlockSymbols <= symbols.Length; i += BlockSymbols)
            {
                Locate(symbol + i, context + i, places);
                for (var k = 0; k < BlockSymbols; k += Tables)
                {
                    counts[places[k]]++;
                    counts[TableLength + places[k + 1]]++;
                    counts[(2 * TableLength) + places[k + 2]]++;
                    counts[(3 * TableLength) + places[k + 3]]++;
                }
            }

            for (; i < symbols.Length; i++)
            {
                counts[(context[i] << 8) | symbol[i]]++;
            }
        }

        for (var i = 0; i < TableLength; i++)
        {
            _counts[i] = _partial[i] + _partial[i + TableLength] + _partial[i + (2 * TableLength)]
                + _partial[i + (3 * TableLength)];
        }
    }

    /// <summary>Writes the symbols that were prepared.</summary>
    /// <returns>The bytes written.</returns>
    public int Write(ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> contexts, Span<byte> destination)
    {
        var position = 0;
        for (var context = 0; context < DeltaSymbols.Contexts; context++)
        {
            position += WriteTable(context, destination[position..]);
        }

        var sizes = destination.Slice(position, (HuffmanEncoder.Streams - 1) * sizeof(uint));
        position += sizes.Length;
        var quarter = HuffmanEncoder.QuarterOf(symbols.Length);
        for (var stream = 0; stream < HuffmanEncoder.Streams; stream++)
        {
            var start = stream * quarter;
            var length = stream == HuffmanEncoder.Streams - 1 ? symbols.Length - start : quarter;
            var written = WriteStream(
                symbols.Slice(start, length), contexts.Slice(start, length), destination[position..]);
            position += written;
            if (stream < HuffmanEncoder.Streams - 1)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(sizes[(stream * sizeof(uint))..], (uint)written);
            }
        }

        return position;
    }

    private long PrepareContext(ReadOnlySpan<int> counts, int context)
    {
        var lengths = _lengths.AsSpan(context * Symbols, Symbols);
        HuffmanCode.BuildLengths(counts, lengths);
        HuffmanCode.AssignCodes(lengths, _codes);
        long bits = 0;
        for (var symbol = 0; symbol < Symbols; symbol++)
        {
            bits += (long)counts[symbol] * lengths[symbol];
            _entries[(context * Symbols) + symbol] = ((uint)_codes[symbol] << 8) | lengths[symbol];
        }

        return bits;
    }

    private int WriteTable(int context, Span<byte> destination)
    {
        var lengths = _lengths.AsSpan(context * Symbols, Symbols);
        if (lengths.ContainsAnyExcept((byte)0))
        {
            destination[0] = 2;
            return 1 + HuffmanTableFormat.Write(lengths, destination[1..]);
        }

        var symbol = _counts.AsSpan(context * Symbols, Symbols).IndexOfAnyExcept(0);
        if (symbol < 0)
        {
            destination[0] = 0;
            return 1;
        }

        destination[0] = 1;
        destination[1] = (byte)symbol;
        return 2;
    }

    // As HuffmanEncoder.WriteStream: stores run over the end by up to 7 bytes, for which Prepare left room.
    private unsafe int WriteStream(ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> contexts, Span<byte> destination)
    {
        var places = stackalloc ushort[BlockSymbols];
        fixed (byte* symbol = symbols)
        fixed (byte* context = contexts)
        fixed (byte* target = destination)
        fixed (uint* entries = _entries)
        {
            var sink = new BitSink { Output = target };
            var i = 0;
            for (; i + BlockSymbols <= symbols.Length; i += BlockSymbols)
            {
                Locate(symbol + i, context + i, places);
                // Four symbols have at most 44 bits.
                for (var k = 0; k < BlockSymbols; k += 4)
                {
                    var a = entries[places[k]];
                    var b = entries[places[k + 1]];
                    var c = entries[places[k + 2]];
                    var d = entries[places[k + 3]];
                    var low = (a >> 8) | ((ulong)(b >> 8) << (int)a);
                    var high = (c >> 8) | ((ulong)(d >> 8) << (int)c);
                    var lowLength = (int)((a + b) & byte.MaxValue);
                    sink.Add(low | (high << lowLength), lowLength + (int)((c + d) & byte.MaxValue));
                }
            }

            for (; i < symbols.Length; i++)
            {
                var entry = entries[(context[i] << 8) | symbol[i]];
                sink.Add(entry >> 8, (byte)entry);
            }

            return (int)(sink.End() - target);
        }
    }

    // The place of each symbol's count and entry.
    private static unsafe void Locate(byte* symbols, byte* contexts, ushort* places)
    {
        var (low, high) = Vector256.Widen(Vector256.Load(symbols));
        var (lowContexts, highContexts) = Vector256.Widen(Vector256.Load(contexts));
        (low | (lowContexts << 8)).Store(places);
        (high | (highContexts << 8)).Store(places + Vector256<ushort>.Count);
    }
}
