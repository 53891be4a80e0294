using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Continuity.Vault.Codecs;

/// <summary>Puts numbers together from their planes, and passes them on.</summary>
/// <typeparam name="TSink">What becomes of them.</typeparam>
internal static class PlaneMerger<TSink>
    where TSink : struct, INumberSink
{
    private const int BlockBytes = (int)PlaneLayout.Q4Blocks;
    private const int DigitBytes = 16;

    /// <summary>Goes through all numbers.</summary>
    /// <param name="layout">How they were taken apart.</param>
    /// <param name="planes">As long as <see cref="PlaneSet.Require"/> asks for.</param>
    /// <param name="numbers">Where the first number is.</param>
    /// <param name="count">How many.</param>
    /// <returns>Whether the sink took them all.</returns>
    public static bool Run(PlaneLayout layout, in PlaneSet planes, ref byte numbers, int count) => layout switch
    {
        PlaneLayout.Words => Words(planes, ref numbers, count),
        PlaneLayout.DoubleWords => DoubleWords(planes, ref numbers, count),
        PlaneLayout.Q4Blocks => Blocks(planes, ref numbers, count),
        _ => Bytes(planes[0], ref numbers),
    };

    private static bool Bytes(ReadOnlySpan<byte> plane, ref byte target)
    {
        var i = 0;
        for (; i + Vector256<byte>.Count <= plane.Length; i += Vector256<byte>.Count)
        {
            if (!TSink.Put(Vector256.Create(plane[i..]), ref Unsafe.Add(ref target, i)))
            {
                return false;
            }
        }

        for (; i < plane.Length; i++)
        {
            if (!TSink.Put(plane[i], ref Unsafe.Add(ref target, i)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Words(in PlaneSet planes, ref byte target, int count)
    {
        ref var low = ref MemoryMarshal.GetReference(planes[0]);
        ref var high = ref MemoryMarshal.GetReference(planes[1]);
        var i = 0;
        for (; Vector512Planes.IsSupported && i + Vector512Planes.Numbers <= count; i += Vector512Planes.Numbers)
        {
            var (a, b) = Vector512Planes.Merge(
                Vector512.LoadUnsafe(ref low, (uint)i), Vector512.LoadUnsafe(ref high, (uint)i));
            ref var place = ref Unsafe.Add(ref target, 2 * (nint)i);
            if (!TSink.Put(a.AsByte(), ref place) || !TSink.Put(b.AsByte(), ref Unsafe.Add(ref place, 64)))
            {
                return false;
            }
        }

        for (; BitConverter.IsLittleEndian && i + 32 <= count; i += 32)
        {
            var (a, b) = Vector256.Widen(Vector256.LoadUnsafe(ref low, (uint)i));
            var (c, d) = Vector256.Widen(Vector256.LoadUnsafe(ref high, (uint)i));
            ref var place = ref Unsafe.Add(ref target, 2 * (nint)i);
            if (!TSink.Put(RotateBack(a | (c << 8)).AsByte(), ref place)
                || !TSink.Put(RotateBack(b | (d << 8)).AsByte(), ref Unsafe.Add(ref place, 32)))
            {
                return false;
            }
        }

        for (; i < count; i++)
        {
            var word = planes[0][i] | (planes[1][i] << 8);
            word = (word >> 1) | (word << 15);
            ref var place = ref Unsafe.Add(ref target, 2 * (nint)i);
            if (!TSink.Put((byte)word, ref place) || !TSink.Put((byte)(word >> 8), ref Unsafe.Add(ref place, 1)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool DoubleWords(in PlaneSet planes, ref byte target, int count)
    {
        ref var first = ref MemoryMarshal.GetReference(planes[0]);
        ref var second = ref MemoryMarshal.GetReference(planes[1]);
        ref var third = ref MemoryMarshal.GetReference(planes[2]);
        ref var fourth = ref MemoryMarshal.GetReference(planes[3]);
        var i = 0;
        for (; Vector512Planes.IsSupported && i + Vector512Planes.Numbers <= count; i += Vector512Planes.Numbers)
        {
            var (low0, low1) = Vector512Planes.Interleave(
                Vector512.LoadUnsafe(ref first, (uint)i), Vector512.LoadUnsafe(ref second, (uint)i));
            var (high0, high1) = Vector512Planes.Interleave(
                Vector512.LoadUnsafe(ref third, (uint)i), Vector512.LoadUnsafe(ref fourth, (uint)i));
            ref var place = ref Unsafe.Add(ref target, 4 * (nint)i);
            if (!PutDoubleWords(Vector512Planes.Join(low0, high0), ref place)
                || !PutDoubleWords(Vector512Planes.Join(low1, high1), ref Unsafe.Add(ref place, 128)))
            {
                return false;
            }
        }

        for (; BitConverter.IsLittleEndian && i + 32 <= count; i += 32)
        {
            var (a0, a1) = Vector256.Widen(Vector256.LoadUnsafe(ref first, (uint)i));
            var (b0, b1) = Vector256.Widen(Vector256.LoadUnsafe(ref second, (uint)i));
            var (c0, c1) = Vector256.Widen(Vector256.LoadUnsafe(ref third, (uint)i));
            var (d0, d1) = Vector256.Widen(Vector256.LoadUnsafe(ref fourth, (uint)i));
            ref var place = ref Unsafe.Add(ref target, 4 * (nint)i);
            if (!PutDoubleWords(a0 | (b0 << 8), c0 | (d0 << 8), ref place)
                || !PutDoubleWords(a1 | (b1 << 8), c1 | (d1 << 8), ref Unsafe.Add(ref place, 64)))
            {
                return false;
            }
        }

        for (; i < count; i++)
        {
            var word = planes[0][i] | ((uint)planes[1][i] << 8) | ((uint)planes[2][i] << 16)
                | ((uint)planes[3][i] << 24);
            word = (word >> 1) | (word << 31);
            for (var k = 0; k < 4; k++)
            {
                if (!TSink.Put((byte)(word >> (8 * k)), ref Unsafe.Add(ref target, (4 * (nint)i) + k)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool PutDoubleWords((Vector512<uint> First, Vector512<uint> Second) numbers, ref byte place) =>
        TSink.Put(numbers.First.AsByte(), ref place)
        && TSink.Put(numbers.Second.AsByte(), ref Unsafe.Add(ref place, 64));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool PutDoubleWords(Vector256<ushort> low, Vector256<ushort> high, ref byte place)
    {
        var (low0, low1) = Vector256.Widen(low);
        var (high0, high1) = Vector256.Widen(high);
        return TSink.Put(RotateBack(low0 | (high0 << 16)).AsByte(), ref place)
            && TSink.Put(RotateBack(low1 | (high1 << 16)).AsByte(), ref Unsafe.Add(ref place, 32));
    }

    private static bool Blocks(in PlaneSet planes, ref byte target, int count)
    {
        ref var low = ref MemoryMarshal.GetReference(planes[0]);
        ref var high = ref MemoryMarshal.GetReference(planes[1]);
        ref var digits = ref MemoryMarshal.GetReference(planes[2]);
        for (nint block = 0; block < count; block++)
        {
            ref var place = ref Unsafe.Add(ref target, BlockBytes * block);
            if (!TSink.Put(Unsafe.Add(ref low, block), ref place)
                || !TSink.Put(Unsafe.Add(ref high, block), ref Unsafe.Add(ref place, 1))
                || !TSink.Put(
                    Vector128.LoadUnsafe(ref digits, (nuint)(DigitBytes * block)), ref Unsafe.Add(ref place, 2)))
            {
                return false;
            }
        }

        return true;
    }

    private static Vector256<ushort> RotateBack(Vector256<ushort> words) => (words >>> 1) | (words << 15);

    private static Vector256<uint> RotateBack(Vector256<uint> words) => (words >>> 1) | (words << 31);
}
