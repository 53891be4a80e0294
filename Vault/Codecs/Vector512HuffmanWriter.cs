using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Continuity.Vault.Codecs;

/// <summary>Writes codes with AVX-512 VBMI: 64 bytes are looked up at a time and joined, up to 16 to a word.</summary>
/// <remarks>
/// What it writes is what one symbol after the other would give. Codes are looked up within registers, as bytes, and
/// joined by twos, fours, eights and sixteens by shifting the later one past the earlier one, as long as they fit. Only
/// these words pass one by one through the 64 bits that are being written.
/// </remarks>
internal static unsafe class Vector512HuffmanWriter
{
    /// <summary>Bytes written at a time.</summary>
    public const int BlockSymbols = 64;

    /// <summary>The bytes of a table: the low eight bits of each code, then its length and high three bits.</summary>
    public const int TableBytes = 2 * ByteHistogram.Size;

    private const int WordsPerBlock = 8;

    public static bool IsSupported => Avx512Vbmi.IsSupported;

    /// <summary>Fills the table for a code.</summary>
    public static void FillTable(ReadOnlySpan<ushort> codes, ReadOnlySpan<byte> lengths, Span<byte> table)
    {
        for (var symbol = 0; symbol < ByteHistogram.Size; symbol++)
        {
            table[symbol] = (byte)codes[symbol];
            table[ByteHistogram.Size + symbol] = (byte)((codes[symbol] >> 8) | (lengths[symbol] << 4));
        }
    }

    /// <summary>Writes whole blocks.</summary>
    /// <param name="symbols">The bytes.</param>
    /// <param name="count">How many, a multiple of <see cref="BlockSymbols"/>.</param>
    /// <param name="table">What <see cref="FillTable"/> made.</param>
    /// <param name="sink">Where the bits go.</param>
    public static void Write(byte* symbols, int count, byte* table, ref BitSink sink)
    {
        var lookup = new Lookup(table);
        var words = stackalloc ulong[4 * WordsPerBlock];
        var lengths = words + (2 * WordsPerBlock);
        var local = sink;
        for (var end = symbols + count; symbols < end; symbols += BlockSymbols)
        {
            var used = Join(lookup, Vector512.Load(symbols), words, lengths);
            if (used == WordsPerBlock / 2)
            {
                // Every second word holds the next one's symbols as well.
                local.Add(words[0], (int)lengths[0]);
                local.Add(words[2], (int)lengths[2]);
                local.Add(words[4], (int)lengths[4]);
                local.Add(words[6], (int)lengths[6]);
                continue;
            }

            for (var i = 0; i < used; i += 4)
            {
                local.Add(words[i], (int)lengths[i]);
                local.Add(words[i + 1], (int)lengths[i + 1]);
                local.Add(words[i + 2], (int)lengths[i + 2]);
                local.Add(words[i + 3], (int)lengths[i + 3]);
            }
        }

        sink = local;
    }

    /// <summary>Stores the codes of a block, joined to words, and their lengths.</summary>
    /// <returns>How many words: 4 of 16 symbols, the first of each two, or 8 of 8, or 16 of 4.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Join(in Lookup lookup, Vector512<byte> symbols, ulong* words, ulong* lengths)
    {
        var (low, rest) = lookup.Find(symbols);
        var firstOfTwo = Vector512.Create((ushort)0xFF);
        var firstOfFour = Vector512.Create(0xFFFFu);
        var firstOfEight = Vector512.Create(0xFFFF_FFFFul);
        var length = (rest.AsUInt16() >>> 4) & Vector512.Create((ushort)0x0F0F);
        var high = rest.AsUInt16() & Vector512.Create((ushort)0x0707);

        // Codes of the even and the odd symbols, then of the four of each 32 bits.
        var even = ((low.AsUInt16() & firstOfTwo) | (high << 8)).AsUInt32();
        var odd = ((low.AsUInt16() >>> 8) | (high & ~firstOfTwo)).AsUInt32();
        var evenLength = (length & firstOfTwo).AsUInt32();
        var pairLength = ((length & firstOfTwo) + (length >>> 8)).AsUInt32();
        var first = (even & firstOfFour)
            | Avx512F.ShiftLeftLogicalVariable(odd & firstOfFour, evenLength & firstOfFour);
        var second = (even >>> 16) | Avx512F.ShiftLeftLogicalVariable(odd >>> 16, evenLength >>> 16);

        // Four symbols each: of the lower and of the upper half of 64 bits.
        var firstLength = pairLength & firstOfFour;
        var fourLength = (firstLength + (pairLength >>> 16)).AsUInt64();
        var lower = (first.AsUInt64() & firstOfEight)
            | Avx512F.ShiftLeftLogicalVariable(second.AsUInt64() & firstOfEight, firstLength.AsUInt64() & firstOfEight);
        var upper = (first.AsUInt64() >>> 32)
            | Avx512F.ShiftLeftLogicalVariable(second.AsUInt64() >>> 32, firstLength.AsUInt64() >>> 32);
        var lowerLength = fourLength & firstOfEight;
        var upperLength = fourLength >>> 32;
        var total = lowerLength + upperLength;
        var most = Vector512.Create((ulong)BitSink.MostBits);
        if (!Vector512.GreaterThanAny(total, most))
        {
            var eights = lower | Avx512F.ShiftLeftLogicalVariable(upper, lowerLength);
            var twice = total + Avx512F.UnpackHigh(total, total);
            var isShort = !Vector512.GreaterThanAny(Avx512F.UnpackLow(twice, twice), most);
            if (isShort)
            {
                eights |= Avx512F.ShiftLeftLogicalVariable(Avx512F.UnpackHigh(eights, eights), total);
                total = twice;
            }

            eights.Store(words);
            total.Store(lengths);
            return isShort ? WordsPerBlock / 2 : WordsPerBlock;
        }

        Interleave(lower, upper, words);
        Interleave(lowerLength, upperLength, lengths);
        return 2 * WordsPerBlock;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(Vector512<ulong> even, Vector512<ulong> odd, ulong* target)
    {
        var first = Vector512.Create(0ul, 8, 1, 9, 2, 10, 3, 11);
        var second = Vector512.Create(4ul, 12, 5, 13, 6, 14, 7, 15);
        Avx512F.PermuteVar8x64x2(even, first, odd).Store(target);
        Avx512F.PermuteVar8x64x2(even, second, odd).Store(target + WordsPerBlock);
    }

    // 256 bytes are four registers; a lookup in two of them takes seven bits of the index, and the eighth chooses.
    private readonly struct Lookup(byte* table)
    {
        private readonly Vector512<byte> _low0 = Vector512.Load(table);
        private readonly Vector512<byte> _low1 = Vector512.Load(table + 64);
        private readonly Vector512<byte> _low2 = Vector512.Load(table + 128);
        private readonly Vector512<byte> _low3 = Vector512.Load(table + 192);
        private readonly Vector512<byte> _rest0 = Vector512.Load(table + 256);
        private readonly Vector512<byte> _rest1 = Vector512.Load(table + 320);
        private readonly Vector512<byte> _rest2 = Vector512.Load(table + 384);
        private readonly Vector512<byte> _rest3 = Vector512.Load(table + 448);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector512<byte> Low, Vector512<byte> High) Find(Vector512<byte> symbols)
        {
            var isUpper = Vector512.LessThan(symbols.AsSByte(), Vector512<sbyte>.Zero).AsByte();
            var low = Vector512.ConditionalSelect(
                isUpper,
                Avx512Vbmi.PermuteVar64x8x2(_low2, symbols, _low3),
                Avx512Vbmi.PermuteVar64x8x2(_low0, symbols, _low1));
            var rest = Vector512.ConditionalSelect(
                isUpper,
                Avx512Vbmi.PermuteVar64x8x2(_rest2, symbols, _rest3),
                Avx512Vbmi.PermuteVar64x8x2(_rest0, symbols, _rest1));
            return (low, rest);
        }
    }
}
