using System.Numerics;

namespace Continuity.Vault.Chunks;

/// <summary>The sizes that a <see cref="Chunker"/> cuts to. They are part of the repository's format.</summary>
/// <remarks>
/// Below the target a cut is four times rarer than above it (normalised chunking, FastCDC, Xia et al., USENIX ATC
/// 2016), so that sizes gather round the target and few chunks end at the maximum, where a cut does not follow the
/// content.
/// </remarks>
public sealed record ChunkerParameters
{
    /// <summary>Creates parameters and checks their order.</summary>
    /// <param name="minimumBytes">No cut lies closer to the previous one than this; at least 64.</param>
    /// <param name="targetBytes">The mean size aimed for; at least 64 above the minimum.</param>
    /// <param name="maximumBytes">A chunk ends here whatever the content; above the target, at most 64 MiB.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sizes are out of range or not in ascending order.</exception>
    public ChunkerParameters(int minimumBytes, int targetBytes, int maximumBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumBytes, SmallestMinimumBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumBytes, LargestMaximumBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan((long)targetBytes, (long)minimumBytes + 64, nameof(targetBytes));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maximumBytes, targetBytes);
        MinimumBytes = minimumBytes;
        TargetBytes = targetBytes;
        MaximumBytes = maximumBytes;

        var meanGapBits = BitOperations.Log2((uint)(targetBytes - minimumBytes));
        FilterBits = Math.Min(meanGapBits - 1, GearTable.HashBits);
        LateConfirmBits = meanGapBits - 1 - FilterBits;
        EarlyConfirmBits = LateConfirmBits + 2;
    }

    /// <summary>The smallest allowed <see cref="MinimumBytes"/>: every hash window lies inside its chunk.</summary>
    public const int SmallestMinimumBytes = 64;

    /// <summary>The largest allowed <see cref="MaximumBytes"/>, 64 MiB.</summary>
    public const int LargestMaximumBytes = 64 << 20;

    /// <summary>Gets the sizes for streams of large files: 512 KiB, 1 MiB, 2 MiB.</summary>
    public static ChunkerParameters LargeFiles { get; } = new(512 << 10, 1 << 20, 2 << 20);

    /// <summary>Gets the smallest size of a chunk; only the last one of a stream may be smaller.</summary>
    /// <value>Bytes; 512 KiB in <see cref="LargeFiles"/>.</value>
    public int MinimumBytes { get; }

    /// <summary>Gets the mean size aimed for.</summary>
    /// <value>Bytes; 1 MiB in <see cref="LargeFiles"/>.</value>
    public int TargetBytes { get; }

    /// <summary>Gets the largest size of a chunk.</summary>
    /// <value>Bytes; 2 MiB in <see cref="LargeFiles"/>.</value>
    public int MaximumBytes { get; }

    /// <summary>Bits of the gear hash that must be zero at a candidate.</summary>
    internal int FilterBits { get; }

    /// <summary>Bits of the keyed digest that must be zero for a cut below the target size.</summary>
    internal int EarlyConfirmBits { get; }

    /// <summary>Bits of the keyed digest that must be zero for a cut from the target size on.</summary>
    internal int LateConfirmBits { get; }
}
