using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Continuity.Vault.Chunks;

/// <summary>The sets of instructions that a scan can use. All of them find the same candidates.</summary>
internal enum GearScanPath
{
    Scalar,

    /// <summary>16 positions at a time: SSSE3, or AdvSimd on ARM.</summary>
    Vector128,

    /// <summary>32 positions at a time: AVX2.</summary>
    Vector256,

    /// <summary>
    /// 64 positions at a time: AVX-512BW; also runs, slowly, as pairs of AVX2 instructions so that it can be tested.
    /// </summary>
    Vector512,
}

/// <summary>Finds candidates: positions where the masked bits of the gear hash are zero.</summary>
internal static class GearScan
{
    /// <summary>Bytes that end at a position and decide its hash.</summary>
    public const int WindowBytes = GearTable.HashBits;

    /// <summary>The fastest path that this processor has.</summary>
    public static GearScanPath BestPath { get; } = ChoosePath();

    public static bool IsSupported(GearScanPath path) => path switch
    {
        GearScanPath.Scalar => true,
        GearScanPath.Vector128 => Ssse3.IsSupported || AdvSimd.Arm64.IsSupported,
        GearScanPath.Vector256 => Avx2.IsSupported,
        GearScanPath.Vector512 => Avx2.IsSupported,
        _ => false,
    };

    /// <summary>Returns the first candidate at or after <paramref name="start"/>, or -1.</summary>
    /// <param name="path">The instructions to use.</param>
    /// <param name="data">The bytes; positions are relative to the first.</param>
    /// <param name="start">At least <see cref="WindowBytes"/>, so that every window lies in the data.</param>
    /// <param name="table">The number per byte value.</param>
    /// <param name="mask">The bits of the hash that are zero at a candidate.</param>
    public static int Find(GearScanPath path, ReadOnlySpan<byte> data, int start, GearTable table, ushort mask)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(start, WindowBytes);
        var position = start;
        var candidate = path switch
        {
            GearScanPath.Vector128 => Vector128GearScan.Find(data, ref position, table, mask),
            GearScanPath.Vector256 => Vector256GearScan.Find(data, ref position, table, mask),
            GearScanPath.Vector512 => Vector512GearScan.Find(data, ref position, table, mask),
            _ => -1,
        };

        // The vector paths stop where less than a whole block is left.
        return candidate >= 0 ? candidate : FindScalar(data, position, table, mask);
    }

    private static int FindScalar(ReadOnlySpan<byte> data, int start, GearTable table, ushort mask)
    {
        var words = table.Words;
        uint hash = 0;
        for (var i = start - WindowBytes + 1; i < start && i < data.Length; i++)
        {
            hash = (hash << 1) + words[data[i]];
        }

        for (var i = start; i < data.Length; i++)
        {
            hash = (hash << 1) + words[data[i]];
            if ((hash & mask) == 0)
            {
                return i;
            }
        }

        return -1;
    }

    private static GearScanPath ChoosePath()
    {
        if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated)
        {
            return GearScanPath.Vector512;
        }

        if (Avx2.IsSupported)
        {
            return GearScanPath.Vector256;
        }

        return IsSupported(GearScanPath.Vector128) ? GearScanPath.Vector128 : GearScanPath.Scalar;
    }
}
