using System.Runtime.CompilerServices;

namespace Continuity.Reliability.Orders;

/// <summary>Turns places on a line into ranks; equal places stay in the order of their numbers.</summary>
/// <remarks>
/// A radix sort over places scaled to 32 bits. FORCE sorts some hundred things some hundred times for each order: a
/// comparing sort of the class library, not yet compiled for speed, took most of the time of a small tree.
/// </remarks>
internal sealed class PlaceRanks(int count)
{
    private const int DigitBits = 8;
    private const int Digits = 1 << DigitBits;

    private readonly int[] _starts = new int[Digits];
    private (uint Key, int Item)[] _sorted = new (uint, int)[count];
    private (uint Key, int Item)[] _next = new (uint, int)[count];

    /// <summary>Replaces each place, of 0 to less than the count, by its rank.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Replace(double[] place)
    {
        var scale = uint.MaxValue / (double)place.Length;
        for (var i = 0; i < place.Length; i++)
        {
            _sorted[i] = ((uint)(place[i] * scale), i);
        }

        for (var shift = 0; shift < 32; shift += DigitBits)
        {
            SortBy(shift);
            (_sorted, _next) = (_next, _sorted);
        }

        for (var rank = 0; rank < place.Length; rank++)
        {
            place[_sorted[rank].Item] = rank;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SortBy(int shift)
    {
        var starts = _starts;
        Array.Clear(starts);
        foreach (var (key, _) in _sorted)
        {
            starts[(byte)(key >> shift)]++;
        }

        var start = 0;
        for (var digit = 0; digit < starts.Length; digit++)
        {
            (starts[digit], start) = (start, start + starts[digit]);
        }

        foreach (var entry in _sorted)
        {
            _next[starts[(byte)(entry.Key >> shift)]++] = entry;
        }
    }
}
