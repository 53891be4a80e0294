using Continuity.Vault.Codecs;

namespace Continuity.Vault.Tensors;

/// <summary>Where a file holds numbers, and of which kinds.</summary>
/// <remarks>Immutable and thread-safe. Only a hint to codecs: it may be wrong, and restores never need it.</remarks>
public sealed class TensorLayout
{
    private readonly TensorRegion[] _regions;

    private TensorLayout(TensorRegion[] regions) => _regions = regions;

    /// <summary>Gets the layout of a file about which nothing is known.</summary>
    public static TensorLayout Unknown { get; } = new([]);

    /// <summary>Gets the stretches in ascending order; neighbours of one kind are joined.</summary>
    public IReadOnlyList<TensorRegion> Regions => _regions;

    /// <summary>Makes a layout from what a header claims.</summary>
    /// <param name="regions">Stretches in any order. Those of unknown kind or without length are left out.</param>
    /// <param name="fileLength">The length of the file in bytes.</param>
    /// <returns>The layout; <see langword="null"/> when stretches overlap or leave the file: the header lies.</returns>
    public static TensorLayout? TryCreate(IEnumerable<TensorRegion> regions, long fileLength)
    {
        var sorted = regions.Where(region => region.Length != 0).OrderBy(region => region.Offset).ToList();
        var joined = new List<TensorRegion>();
        long end = 0;
        foreach (var region in sorted)
        {
            if (region.Offset < end || region.Length < 0 || region.Length > fileLength - region.Offset)
            {
                return null;
            }

            end = region.Offset + region.Length;
            if (region.Kind is ElementKind.Unknown)
            {
                continue;
            }

            if (joined.Count > 0 && Continues(joined[^1], region))
            {
                joined[^1] = joined[^1] with { Length = end - joined[^1].Offset };
            }
            else
            {
                joined.Add(region);
            }
        }

        return new TensorLayout([.. joined]);
    }

    /// <summary>Finds what is known about a chunk of the file.</summary>
    /// <param name="chunkOffset">The chunk's first byte in the file.</param>
    /// <param name="chunkLength">The chunk's length.</param>
    /// <param name="destination">Takes the stretches; what does not fit is left out.</param>
    /// <returns>The number of stretches written.</returns>
    /// <remarks>O(log regions + result).</remarks>
    public int Describe(long chunkOffset, int chunkLength, Span<ChunkRegion> destination)
    {
        var count = 0;
        for (var i = FirstAfter(chunkOffset); i < _regions.Length && count < destination.Length; i++)
        {
            var region = _regions[i];
            var start = Math.Max(region.Offset, chunkOffset);
            var end = Math.Min(region.Offset + region.Length, chunkOffset + chunkLength);
            if (start >= end)
            {
                break;
            }

            var width = WidthOf(region.Kind);
            var phase = (int)((width - ((start - region.Offset) % width)) % width);
            destination[count++] = new ChunkRegion(
                (int)(start - chunkOffset), (int)(end - start), region.Kind, phase);
        }

        return count;
    }

    /// <summary>Bytes per number, or per block of numbers.</summary>
    internal static int WidthOf(ElementKind kind) => PlaneLayouts.Of(kind).Width();

    // The first region that ends after a byte.
    private int FirstAfter(long offset)
    {
        int low = 0, high = _regions.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_regions[middle].Offset + _regions[middle].Length <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static bool Continues(TensorRegion last, TensorRegion next)
        => last.Kind == next.Kind && last.Offset + last.Length == next.Offset
            && last.Length % WidthOf(last.Kind) == 0;
}
