using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Continuity.Vault.Codecs;

/// <summary>Turns two versions of 16-bit floats into one symbol and one context per number, and back.</summary>
/// <remarks>
/// A float's bits, read as an integer, count steps of its own precision. The difference, with the sign in the lowest
/// bit (zigzag), is a symbol below <see cref="Escape"/> or an escape, whose new value is stored as it is. A step of an
/// optimiser has one absolute size, hence spans few steps of a large number and many of a small one: the exponent of
/// the base is the context.
/// </remarks>
internal static class DeltaSymbols
{
    /// <summary>The symbol of a difference that is too large for one.</summary>
    public const byte Escape = 255;

    /// <summary>Exponents get a context each, from the largest down; the last context takes all smaller ones.</summary>
    public const int Contexts = 10;

    private const int Block = 32;

    /// <summary>Where the exponents of brain floats begin.</summary>
    public const int BFloat16Shift = 7;

    /// <summary>Where the exponents of IEEE half-precision floats begin.</summary>
    public const int Float16Shift = 10;

    /// <summary>Writes the symbols; the new values of escapes go to <paramref name="escapes"/>.</summary>
    /// <returns>The number of escapes, or -1 when there are too many for the space.</returns>
    public static int Write(
        ReadOnlySpan<ushort> values, ReadOnlySpan<ushort> bases, Span<byte> symbols, Span<ushort> escapes)
    {
        var count = 0;
        var i = 0;
        for (; i + Block <= values.Length; i += Block)
        {
            var low = ZigZag(Vector256.Create(values[i..]) - Vector256.Create(bases[i..]));
            var high = ZigZag(Vector256.Create(values[(i + 16)..]) - Vector256.Create(bases[(i + 16)..]));
            var limit = Vector256.Create((ushort)Escape);
            var block = Vector256.Narrow(Vector256.Min(low, limit), Vector256.Min(high, limit));
            block.CopyTo(symbols[i..]);
            if (Vector256.EqualsAny(block, Vector256.Create(Escape))
                && !TryCollect(symbols.Slice(i, Block), values.Slice(i, Block), escapes, ref count))
            {
                return -1;
            }
        }

        for (var k = i; k < values.Length; k++)
        {
            symbols[k] = (byte)Math.Min(ZigZag((short)(values[k] - bases[k])), Escape);
        }

        return TryCollect(symbols[i..values.Length], values[i..], escapes, ref count) ? count : -1;
    }

    /// <summary>The reverse of <see cref="Write"/>.</summary>
    /// <exception cref="CorruptChunkException">There are more or fewer escapes than symbols that need them.</exception>
    public static void Read(
        ReadOnlySpan<byte> symbols, ReadOnlySpan<ushort> bases, ReadOnlySpan<byte> escapes, Span<ushort> values)
    {
        var i = 0;
        while (i + Block <= values.Length)
        {
            var block = Vector256.Create(symbols[i..]);
            var (low, high) = Vector256.Widen(block);
            (Vector256.Create(bases[i..]) + UnZigZag(low)).CopyTo(values[i..]);
            (Vector256.Create(bases[(i + 16)..]) + UnZigZag(high)).CopyTo(values[(i + 16)..]);
            if (Vector256.EqualsAny(block, Vector256.Create(Escape)))
            {
                escapes = Restore(symbols.Slice(i, Block), escapes, values.Slice(i, Block));
            }

            i += Block;
        }

        for (var k = i; k < values.Length; k++)
        {
            values[k] = (ushort)(bases[k] + ((symbols[k] >> 1) ^ -(symbols[k] & 1)));
        }

        escapes = Restore(symbols[i..values.Length], escapes, values[i..]);
        if (!escapes.IsEmpty)
        {
            CorruptChunkException.Throw(ChunkCodec.Delta, $"{escapes.Length} bytes of escaped values are left over");
        }
    }

    /// <summary>Writes the context of each number.</summary>
    /// <param name="bases">The base's numbers.</param>
    /// <param name="shift">Where their exponents begin.</param>
    /// <param name="top">The exponent of context 0, and all larger ones.</param>
    /// <param name="contexts">One byte per number.</param>
    public static void WriteContexts(ReadOnlySpan<ushort> bases, int shift, byte top, Span<byte> contexts)
    {
        var mask = (ushort)(0x7FFF >> shift);
        var i = 0;
        for (; i + Block <= bases.Length; i += Block)
        {
            var low = (Vector256.Create(bases[i..]) >>> shift) & Vector256.Create(mask);
            var high = (Vector256.Create(bases[(i + 16)..]) >>> shift) & Vector256.Create(mask);
            var exponents = Vector256.Narrow(low, high);
            var below = Vector256.Max(exponents, Vector256.Create(top)) - exponents;
            Vector256.Min(below, Vector256.Create((byte)(Contexts - 1))).CopyTo(contexts[i..]);
        }

        for (; i < bases.Length; i++)
        {
            contexts[i] = (byte)Math.Clamp(top - ((bases[i] >> shift) & mask), 0, Contexts - 1);
        }
    }

    /// <summary>The largest exponent that more than a few numbers of the base have.</summary>
    public static byte FindTop(ReadOnlySpan<ushort> bases, int shift)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        var total = 0;
        for (var i = 0; i < bases.Length; i += 16)
        {
            counts[(bases[i] >> shift) & (0x7FFF >> shift)]++;
            total++;
        }

        var top = 255;
        for (var above = 0; top > 0 && (above += counts[top]) * 500L < total; top--)
        {
        }

        return (byte)top;
    }

    private static Vector256<ushort> ZigZag(Vector256<ushort> difference)
        => (difference << 1) ^ (difference.AsInt16() >> 15).AsUInt16();

    private static int ZigZag(short difference) => (ushort)((difference << 1) ^ (difference >> 15));

    private static Vector256<ushort> UnZigZag(Vector256<ushort> symbol)
        => (symbol >>> 1) ^ (Vector256<ushort>.Zero - (symbol & Vector256<ushort>.One));

    private static bool TryCollect(
        ReadOnlySpan<byte> symbols, ReadOnlySpan<ushort> values, Span<ushort> escapes, ref int count)
    {
        for (var i = 0; i < symbols.Length; i++)
        {
            if (symbols[i] == Escape)
            {
                if (count == escapes.Length)
                {
                    return false;
                }

                escapes[count++] = values[i];
            }
        }

        return true;
    }

    private static ReadOnlySpan<byte> Restore(
        ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> escapes, Span<ushort> values)
    {
        for (var i = 0; i < symbols.Length; i++)
        {
            if (symbols[i] != Escape)
            {
                continue;
            }

            if (escapes.Length < sizeof(ushort))
            {
                CorruptChunkException.Throw(ChunkCodec.Delta, "an escaped value is missing");
            }

            values[i] = MemoryMarshal.Read<ushort>(escapes);
            escapes = escapes[sizeof(ushort)..];
        }

        return escapes;
    }
}
