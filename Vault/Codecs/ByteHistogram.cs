using System.Runtime.Intrinsics;

namespace Continuity.Vault.Codecs;

/// <summary>Counts byte values.</summary>
internal static class ByteHistogram
{
    public const int Size = 256;

    private const int WordsPerLine = 8;
    private const int LinesPerSample = 8;
    private const int SmallestSampledBytes = 128 << 10;
    private const int LinesPerSampleOfMany = 16;
    private const int SmallestOfMany = 384 << 10;

    /// <summary>Counts bytes; <paramref name="counts"/> is overwritten.</summary>
    /// <remarks>
    /// Long spans are sampled, a cache line in eight or, where that gives 24 KiB at least, in sixteen: no code of
    /// theirs gets measurably longer by it. Every value between the smallest and the largest gets a count, so that each
    /// byte has a code.
    /// </remarks>
    public static void Count(ReadOnlySpan<byte> bytes, Span<int> counts)
    {
        counts = counts[..Size];
        if (bytes.Length < SmallestSampledBytes)
        {
            CountWords(bytes, sizeof(ulong) * WordsPerLine, counts);
            return;
        }

        var lines = bytes.Length < SmallestOfMany ? LinesPerSample : LinesPerSampleOfMany;
        CountWords(bytes, lines * sizeof(ulong) * WordsPerLine, counts);
        var (smallest, largest) = FindRange(bytes);
        foreach (ref var count in counts[smallest..(largest + 1)])
        {
            count = Math.Max(count, 1);
        }
    }

    /// <summary>Counts a cache line in so many; <paramref name="counts"/> is overwritten.</summary>
    /// <returns>The bytes counted.</returns>
    public static int CountSample(ReadOnlySpan<byte> bytes, int linesPerSample, Span<int> counts)
    {
        counts = counts[..Size];
        CountWords(bytes, linesPerSample * sizeof(ulong) * WordsPerLine, counts);
        var total = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        return total;
    }

    // A table for each byte of a word, so that a repeated value does not wait for its own last store.
    private static unsafe void CountWords(ReadOnlySpan<byte> bytes, int step, Span<int> counts)
    {
        Span<int> tables = stackalloc int[sizeof(ulong) * Size];
        tables.Clear();
        var line = sizeof(ulong) * WordsPerLine;
        var end = bytes.Length - line;
        var position = 0;
        fixed (int* table = tables)
        fixed (byte* source = bytes)
        {
            for (; position <= end; position += step)
            {
                for (var offset = 0; offset < line; offset += sizeof(ulong))
                {
                    var word = *(ulong*)(source + position + offset);
                    table[(byte)word]++;
                    (table + Size)[(byte)(word >> 8)]++;
                    (table + (2 * Size))[(byte)(word >> 16)]++;
                    (table + (3 * Size))[(byte)(word >> 24)]++;
                    (table + (4 * Size))[(byte)(word >> 32)]++;
                    (table + (5 * Size))[(byte)(word >> 40)]++;
                    (table + (6 * Size))[(byte)(word >> 48)]++;
                    (table + (7 * Size))[word >> 56]++;
                }
            }
        }

        for (; position < bytes.Length; position++)
        {
            tables[bytes[position]]++;
        }

        for (var value = 0; value < Size; value += Vector512<int>.Count)
        {
            var sum = Vector512<int>.Zero;
            for (var table = value; table < tables.Length; table += Size)
            {
                sum += Vector512.Create<int>(tables[table..]);
            }

            sum.CopyTo(counts[value..]);
        }
    }

    private static (byte Smallest, byte Largest) FindRange(ReadOnlySpan<byte> bytes)
    {
        var smallest = Vector512.Create(byte.MaxValue);
        var largest = Vector512<byte>.Zero;
        for (var i = 0; i + Vector512<byte>.Count <= bytes.Length; i += Vector512<byte>.Count)
        {
            var block = Vector512.Create(bytes[i..]);
            smallest = Vector512.Min(smallest, block);
            largest = Vector512.Max(largest, block);
        }

        // The last block overlaps the one before.
        var last = Vector512.Create(bytes[^Vector512<byte>.Count..]);
        smallest = Vector512.Min(smallest, last);
        largest = Vector512.Max(largest, last);
        var (low, high) = (byte.MaxValue, byte.MinValue);
        for (var i = 0; i < Vector512<byte>.Count; i++)
        {
            low = Math.Min(low, smallest[i]);
            high = Math.Max(high, largest[i]);
        }

        return (low, high);
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
        // Of n values that are seen c times each: log2(n) less the sum of c log2(c) / n.
        var sum = Vector512<double>.Zero;
        for (var i = 0; i < Size; i += Vector512<int>.Count)
        {
            var (low, high) = Vector512.Widen(Vector512.Max(Vector512.Create(counts[i..]), Vector512<int>.One));
            var (first, second) = (Vector512.ConvertToDouble(low), Vector512.ConvertToDouble(high));
            sum += (first * Vector512.Log2(first)) + (second * Vector512.Log2(second));
        }

        return total == 0 ? 0 : Math.Log2(total) - (Vector512.Sum(sum) / total);
    }
}
