namespace Continuity.Vault.Codecs;

/// <summary>Canonical prefix codes of at most <see cref="MaximumBits"/> bits over byte values.</summary>
/// <remarks>
/// Huffman, "A Method for the Construction of Minimum-Redundancy Codes", 1952, by two queues over sorted counts (van
/// Leeuwen, 1976); lengths above the limit are cut and the Kraft sum is mended. A code is always complete (the sum is
/// exactly one), so that every sequence of bits decodes and a decoder's table has no holes. Bits are read from the
/// least significant on.
/// </remarks>
internal static class HuffmanCode
{
    public const int MaximumBits = 11;

    public const int TableSize = 1 << MaximumBits;

    private const int Symbols = ByteHistogram.Size;

    /// <summary>Computes the code lengths for counts of which at least two are positive; unused values get 0.</summary>
    public static void BuildLengths(ReadOnlySpan<int> counts, Span<byte> lengths)
    {
        Span<ulong> sorted = stackalloc ulong[Symbols];
        var used = 0;
        for (var symbol = 0; symbol < Symbols; symbol++)
        {
            lengths[symbol] = 0;
            if (counts[symbol] > 0)
            {
                sorted[used++] = ((ulong)counts[symbol] << 8) | (uint)symbol;
            }
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(used, 2, nameof(counts));
        sorted = sorted[..used];
        sorted.Sort();

        Span<byte> depths = stackalloc byte[Symbols];
        depths = depths[..used];
        ComputeDepths(sorted, depths);
        LimitDepths(depths);
        for (var i = 0; i < used; i++)
        {
            lengths[(byte)sorted[i]] = depths[i];
        }
    }

    /// <summary>Whether the lengths make a complete code; what a decoder asks of lengths it has read.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> lengths)
    {
        var sum = 0;
        foreach (var length in lengths[..Symbols])
        {
            if (length > MaximumBits)
            {
                return false;
            }

            sum += length == 0 ? 0 : TableSize >> length;
        }

        return sum == TableSize;
    }

    /// <summary>Assigns the codes, the first bit in the lowest place.</summary>
    public static void AssignCodes(ReadOnlySpan<byte> lengths, Span<ushort> codes)
    {
        Span<int> next = stackalloc int[MaximumBits + 2];
        next.Clear();
        foreach (var length in lengths[..Symbols])
        {
            next[length + 1]++;
        }

        // next[n] holds how many codes have n - 1 bits; it becomes the first code of n bits.
        next[1] = 0;
        var code = 0;
        for (var bits = 1; bits <= MaximumBits; bits++)
        {
            code = (code + next[bits]) << 1;
            next[bits] = code;
        }

        for (var symbol = 0; symbol < Symbols; symbol++)
        {
            var length = lengths[symbol];
            codes[symbol] = length == 0 ? (ushort)0 : Reverse(next[length]++, length);
        }
    }

    private static ushort Reverse(int code, int length)
    {
        var value = (uint)code;
        value = ((value & 0x5555) << 1) | ((value >> 1) & 0x5555);
        value = ((value & 0x3333) << 2) | ((value >> 2) & 0x3333);
        value = ((value & 0x0F0F) << 4) | ((value >> 4) & 0x0F0F);
        value = ((value & 0x00FF) << 8) | ((value >> 8) & 0x00FF);
        return (ushort)(value >> (16 - length));
    }

    private static void ComputeDepths(ReadOnlySpan<ulong> sorted, Span<byte> depths)
    {
        var leaves = sorted.Length;
        Span<long> weights = stackalloc long[2 * Symbols];
        Span<ushort> parents = stackalloc ushort[2 * Symbols];
        for (var i = 0; i < leaves; i++)
        {
            weights[i] = (long)(sorted[i] >> 8);
        }

        // Leaves ascend by count, inner nodes are made in ascending order: the two smallest are at the two heads.
        int leaf = 0, inner = leaves;
        for (var node = leaves; node < (2 * leaves) - 1; node++)
        {
            var one = TakeSmaller(weights, ref leaf, ref inner, leaves, node);
            var two = TakeSmaller(weights, ref leaf, ref inner, leaves, node);
            weights[node] = weights[one] + weights[two];
            parents[one] = parents[two] = (ushort)node;
        }

        Span<byte> nodeDepths = stackalloc byte[2 * Symbols];
        nodeDepths[(2 * leaves) - 2] = 0;
        for (var node = (2 * leaves) - 3; node >= 0; node--)
        {
            nodeDepths[node] = (byte)(nodeDepths[parents[node]] + 1);
        }

        nodeDepths[..leaves].CopyTo(depths);
    }

    private static int TakeSmaller(ReadOnlySpan<long> weights, ref int leaf, ref int inner, int leaves, int end)
        => leaf < leaves && (inner >= end || weights[leaf] <= weights[inner]) ? leaf++ : inner++;

    // Depths descend, from the rarest symbol to the most frequent.
    private static void LimitDepths(Span<byte> depths)
    {
        var sum = 0;
        foreach (ref var depth in depths)
        {
            depth = Math.Min(depth, (byte)MaximumBits);
            sum += TableSize >> depth;
        }

        while (sum > TableSize)
        {
            // Lengthen the rarest symbol that still can be.
            var i = 0;
            while (depths[i] == MaximumBits)
            {
                i++;
            }

            depths[i]++;
            sum -= TableSize >> depths[i];
        }

        // Give what is left over to the most frequent symbols that fit. One always does: the gap is a multiple of the
        // smallest share, and the symbol with the smallest share can be shortened by it.
        while (sum < TableSize)
        {
            for (var i = depths.Length - 1; i >= 0; i--)
            {
                var share = TableSize >> depths[i];
                if (share <= TableSize - sum)
                {
                    depths[i]--;
                    sum += share;
                }
            }
        }
    }
}
