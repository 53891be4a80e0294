using System.Numerics;

namespace Continuity.Vault.Codecs;

/// <summary>
/// Differences of 32-bit floats, in steps of their own precision, with the sign in the lowest bit (zigzag).
/// </summary>
internal static class WideDelta
{
    // A difference of unrelated numbers has its highest bits set.
    private const int RelatedBits = 28;
    private const int SampleStep = 61;

    /// <summary>Subtracts unless a sample shows that the numbers have little to do with each other.</summary>
    public static bool TrySubtract(ReadOnlySpan<uint> values, ReadOnlySpan<uint> bases, Span<uint> differences)
    {
        int related = 0, sampled = 0;
        for (var i = 0; i < values.Length; i += SampleStep)
        {
            related += ZigZag(values[i] - bases[i]) >> RelatedBits == 0 ? 1 : 0;
            sampled++;
        }

        if (related < sampled * 3 / 4)
        {
            return false;
        }

        var vectors = values.Length / Vector<uint>.Count * Vector<uint>.Count;
        for (var i = 0; i < vectors; i += Vector<uint>.Count)
        {
            var difference = new Vector<uint>(values[i..]) - new Vector<uint>(bases[i..]);
            var sign = (difference.As<uint, int>() >> 31).As<int, uint>();
            ((difference << 1) ^ sign).CopyTo(differences[i..]);
        }

        for (var i = vectors; i < values.Length; i++)
        {
            differences[i] = ZigZag(values[i] - bases[i]);
        }

        return true;
    }

    /// <summary>The reverse of <see cref="TrySubtract"/>.</summary>
    public static void Add(ReadOnlySpan<uint> differences, ReadOnlySpan<uint> bases, Span<uint> values)
    {
        var vectors = values.Length / Vector<uint>.Count * Vector<uint>.Count;
        for (var i = 0; i < vectors; i += Vector<uint>.Count)
        {
            var symbol = new Vector<uint>(differences[i..]);
            var difference = (symbol >>> 1) ^ (Vector<uint>.Zero - (symbol & Vector<uint>.One));
            (new Vector<uint>(bases[i..]) + difference).CopyTo(values[i..]);
        }

        for (var i = vectors; i < values.Length; i++)
        {
            values[i] = bases[i] + ((differences[i] >> 1) ^ (0 - (differences[i] & 1)));
        }
    }

    private static uint ZigZag(uint difference) => (difference << 1) ^ (uint)((int)difference >> 31);
}
