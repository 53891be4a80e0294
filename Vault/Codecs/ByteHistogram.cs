using System.Runtime.InteropServices;

namespace Continuity.Vault.Codecs;

/// <summary>Counts byte values.</summary>
internal static class ByteHistogram
{
    public const int Size = 256;

    /// <summary>Counts every byte; <paramref name="counts"/> is overwritten.</summary>
    /// <remarks>
    /// A table for each byte of a word, so that a repeated value does not wait for its own last store.
    /// </remarks>
    public static unsafe void Count(ReadOnlySpan<byte> bytes, Span<int> counts)
    {
        Span<int> tables = stackalloc int[sizeof(ulong) * Size];
        tables.Clear();
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        fixed (int* table = tables)
        {
            foreach (var word in words)
            {
                table[(byte)word]++;
                table[Size + (byte)(word >> 8)]++;
                table[(2 * Size) + (byte)(word >> 16)]++;
                table[(3 * Size) + (byte)(word >> 24)]++;
                table[(4 * Size) + (byte)(word >> 32)]++;
                table[(5 * Size) + (byte)(word >> 40)]++;
                table[(6 * Size) + (byte)(word >> 48)]++;
                table[(7 * Size) + (byte)(word >> 56)]++;
            }
        }

        foreach (var value in bytes[(sizeof(ulong) * words.Length)..])
        {
            tables[value]++;
        }

        tables[..Size].CopyTo(counts);
        for (var table = 1; table < sizeof(ulong); table++)
        {
            for (var value = 0; value < Size; value++)
            {
                counts[value] += tables[(table * Size) + value];
            }
        }
    }

    /// <summary>Counts every n-th byte; <paramref name="counts"/> is overwritten.</summary>
    public static int CountEvery(ReadOnlySpan<byte> bytes, int start, int step, Span<int> counts)
    {
        counts[..Size].Clear();
        var total = 0;
        for (var i = start; i < bytes.Length; i += step)
        {
            counts[bytes[i]]++;
            total++;
        }

        return total;
    }

    /// <summary>The mean information of a value, in bits.</summary>
    public static double Entropy(ReadOnlySpan<int> counts, int total)
    {
        var bits = 0.0;
        foreach (var count in counts[..Size])
        {
            if (count > 0)
            {
                bits += count * Math.Log2((double)total / count);
            }
        }

        return total == 0 ? 0 : bits / total;
    }
}
