using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Continuity.Vault.Codecs;

/// <summary>Planes of 64 numbers at a time, with AVX-512 VBMI.</summary>
/// <remarks>Numbers are rotated on the way, left into planes and right out of them.</remarks>
internal static class Vector512Planes
{
    /// <summary>Numbers at a time.</summary>
    public const int Numbers = 64;

    public static bool IsSupported => Avx512Vbmi.IsSupported;

    /// <summary>The planes of 16-bit numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<byte> Low, Vector512<byte> High) Split(Vector512<ushort> first, Vector512<ushort> second)
    {
        first = (first << 1) | (first >>> 15);
        second = (second << 1) | (second >>> 15);
        var even = EvenBytes;
        var odd = even | Vector512<byte>.One;
        return (Avx512Vbmi.PermuteVar64x8x2(first.AsByte(), even, second.AsByte()),
            Avx512Vbmi.PermuteVar64x8x2(first.AsByte(), odd, second.AsByte()));
    }

    /// <summary>16-bit numbers of planes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<ushort> First, Vector512<ushort> Second) Merge(Vector512<byte> low, Vector512<byte> high)
    {
        var (first, second) = Interleave(low, high);
        return ((first >>> 1) | (first << 15), (second >>> 1) | (second << 15));
    }

    /// <summary>Planes of 32 32-bit numbers: the first half of each result is one plane, the other half the next
    /// one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<byte> Low, Vector512<byte> High) Split(Vector512<uint> first, Vector512<uint> second)
    {
        var a = Avx512F.RotateLeft(first, 1).AsByte();
        var b = Avx512F.RotateLeft(second, 1).AsByte();
        return (Avx512Vbmi.PermuteVar64x8x2(a, FirstThenSecondOfFour, b),
            Avx512Vbmi.PermuteVar64x8x2(a, ThirdThenFourthOfFour, b));
    }

    /// <summary>The bytes of two planes, side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<ushort> First, Vector512<ushort> Second) Interleave(
        Vector512<byte> low, Vector512<byte> high) =>
        (Avx512Vbmi.PermuteVar64x8x2(low, FirstBytes, high).AsUInt16(),
            Avx512Vbmi.PermuteVar64x8x2(low, LastBytes, high).AsUInt16());

    /// <summary>32-bit numbers of their halves, which <see cref="Interleave"/> gave.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<uint> First, Vector512<uint> Second) Join(Vector512<ushort> low, Vector512<ushort> high)
    {
        var first = Vector512.Create(
            (ushort)0, 32, 1, 33, 2, 34, 3, 35, 4, 36, 5, 37, 6, 38, 7, 39,
            8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47);
        var second = first + Vector512.Create((ushort)16);
        return (Avx512F.RotateRight(Avx512BW.PermuteVar32x16x2(low, first, high).AsUInt32(), 1),
            Avx512F.RotateRight(Avx512BW.PermuteVar32x16x2(low, second, high).AsUInt32(), 1));
    }

    // Indices up to 63 are of the first of two registers, the others of the second.
    private static Vector512<byte> EvenBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            (byte)0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 42, 44, 46, 48, 50,
            52, 54, 56, 58, 60, 62, 64, 66, 68, 70, 72, 74, 76, 78, 80, 82, 84, 86, 88, 90, 92, 94, 96, 98, 100, 102,
            104, 106, 108, 110, 112, 114, 116, 118, 120, 122, 124, 126);
    }

    private static Vector512<byte> FirstThenSecondOfFour
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            (byte)0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 72, 76, 80, 84, 88, 92, 96,
            100, 104, 108, 112, 116, 120, 124, 1, 5, 9, 13, 17, 21, 25, 29, 33, 37, 41, 45, 49, 53, 57, 61, 65, 69,
            73, 77, 81, 85, 89, 93, 97, 101, 105, 109, 113, 117, 121, 125);
    }

    private static Vector512<byte> ThirdThenFourthOfFour
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            (byte)2, 6, 10, 14, 18, 22, 26, 30, 34, 38, 42, 46, 50, 54, 58, 62, 66, 70, 74, 78, 82, 86, 90, 94, 98,
            102, 106, 110, 114, 118, 122, 126, 3, 7, 11, 15, 19, 23, 27, 31, 35, 39, 43, 47, 51, 55, 59, 63, 67, 71,
            75, 79, 83, 87, 91, 95, 99, 103, 107, 111, 115, 119, 123, 127);
    }

    private static Vector512<byte> FirstBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            (byte)0, 64, 1, 65, 2, 66, 3, 67, 4, 68, 5, 69, 6, 70, 7, 71, 8, 72, 9, 73, 10, 74, 11, 75, 12, 76, 13,
            77, 14, 78, 15, 79, 16, 80, 17, 81, 18, 82, 19, 83, 20, 84, 21, 85, 22, 86, 23, 87, 24, 88, 25, 89, 26,
            90, 27, 91, 28, 92, 29, 93, 30, 94, 31, 95);
    }

    private static Vector512<byte> LastBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            (byte)32, 96, 33, 97, 34, 98, 35, 99, 36, 100, 37, 101, 38, 102, 39, 103, 40, 104, 41, 105, 42, 106, 43,
            107, 44, 108, 45, 109, 46, 110, 47, 111, 48, 112, 49, 113, 50, 114, 51, 115, 52, 116, 53, 117, 54, 118,
            55, 119, 56, 120, 57, 121, 58, 122, 59, 123, 60, 124, 61, 125, 62, 126, 63, 127);
    }
}
