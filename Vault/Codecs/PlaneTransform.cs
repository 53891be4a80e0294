using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Continuity.Vault.Codecs;

/// <summary>Takes numbers apart into planes and puts them together again.</summary>
/// <remarks>
/// Rotating a float left by one bit brings the exponent to the top byte, whole, and the sign, which is random, to the
/// random low bits. The least significant plane is the first. Little-endian numbers, on every machine.
/// </remarks>
internal static class PlaneTransform
{
    private const int BlockBytes = (int)PlaneLayout.Q4Blocks;
    private const int DigitBytes = 16;

    /// <summary>Splits whole numbers into planes back to back; both spans have the same length.</summary>
    public static void Split(PlaneLayout layout, ReadOnlySpan<byte> numbers, Span<byte> planes)
    {
        RequireWhole(layout, numbers.Length, planes.Length);
        Split(layout, numbers, PlaneRooms.Of(layout, planes));
    }

    /// <summary>Splits whole numbers into planes that don't lie back to back.</summary>
    public static void Split(PlaneLayout layout, ReadOnlySpan<byte> numbers, in PlaneRooms planes)
    {
        planes.Require(layout, numbers.Length / layout.Width());
        switch (layout)
        {
            case PlaneLayout.Words:
                SplitWords(numbers, planes);
                break;
            case PlaneLayout.DoubleWords:
                SplitDoubleWords(numbers, planes);
                break;
            case PlaneLayout.Q4Blocks:
                SplitBlocks(numbers, planes);
                break;
            default:
                numbers.CopyTo(planes[0]);
                break;
        }
    }

    /// <summary>The reverse of <see cref="Split(PlaneLayout, ReadOnlySpan{byte}, Span{byte})"/>.</summary>
    public static void Merge(PlaneLayout layout, ReadOnlySpan<byte> planes, Span<byte> numbers)
    {
        RequireWhole(layout, numbers.Length, planes.Length);
        Merge(layout, PlaneSet.Of(layout, planes), numbers);
    }

    /// <summary>The reverse of <see cref="Split(PlaneLayout, ReadOnlySpan{byte}, in PlaneRooms)"/>.</summary>
    public static void Merge(PlaneLayout layout, in PlaneSet planes, Span<byte> numbers)
    {
        var count = numbers.Length / layout.Width();
        planes.Require(layout, count);
        PlaneMerger<StoredNumbers>.Run(layout, planes, ref MemoryMarshal.GetReference(numbers), count);
    }

    /// <summary>Whether planes are put together to these numbers; they aren't written out for it.</summary>
    public static bool Matches(PlaneLayout layout, in PlaneSet planes, ReadOnlySpan<byte> numbers)
    {
        var count = numbers.Length / layout.Width();
        planes.Require(layout, count);
        return PlaneMerger<ComparedNumbers>.Run(layout, planes, ref MemoryMarshal.GetReference(numbers), count);
    }

    private static void RequireWhole(PlaneLayout layout, int numbers, int planes)
    {
        if (numbers != planes || numbers % layout.Width() != 0)
        {
            throw new ArgumentException($"{numbers} bytes and {planes} bytes of planes do not fit {layout}.");
        }
    }

    private static void SplitWords(ReadOnlySpan<byte> numbers, in PlaneRooms planes)
    {
        var words = MemoryMarshal.Cast<byte, ushort>(numbers);
        var count = words.Length;
        ref var source = ref MemoryMarshal.GetReference(words);
        ref var low = ref MemoryMarshal.GetReference(planes[0]);
        ref var high = ref MemoryMarshal.GetReference(planes[1]);
        var i = 0;
        for (; Vector512Planes.IsSupported && i + Vector512Planes.Numbers <= count; i += Vector512Planes.Numbers)
        {
            var (l, h) = Vector512Planes.Split(
                Vector512.LoadUnsafe(ref source, (uint)i), Vector512.LoadUnsafe(ref source, (uint)i + 32));
            l.StoreUnsafe(ref low, (uint)i);
            h.StoreUnsafe(ref high, (uint)i);
        }

        for (; BitConverter.IsLittleEndian && i + 32 <= count; i += 32)
        {
            var a = Rotate(Vector256.LoadUnsafe(ref source, (uint)i));
            var b = Rotate(Vector256.LoadUnsafe(ref source, (uint)i + 16));
            var mask = Vector256.Create((ushort)0xFF);
            Vector256.Narrow(a & mask, b & mask).StoreUnsafe(ref low, (uint)i);
            Vector256.Narrow(a >>> 8, b >>> 8).StoreUnsafe(ref high, (uint)i);
        }

        for (; i < count; i++)
        {
            var word = LittleEndian(words[i]);
            word = (ushort)((word << 1) | (word >> 15));
            planes[0][i] = (byte)word;
            planes[1][i] = (byte)(word >> 8);
        }
    }

    private static void SplitDoubleWords(ReadOnlySpan<byte> numbers, in PlaneRooms planes)
    {
        var words = MemoryMarshal.Cast<byte, uint>(numbers);
        var count = words.Length;
        ref var source = ref MemoryMarshal.GetReference(words);
        ref var first = ref MemoryMarshal.GetReference(planes[0]);
        ref var second = ref MemoryMarshal.GetReference(planes[1]);
        ref var third = ref MemoryMarshal.GetReference(planes[2]);
        ref var fourth = ref MemoryMarshal.GetReference(planes[3]);
        var i = 0;
        for (; Vector512Planes.IsSupported && i + Vector512Planes.Numbers <= count; i += Vector512Planes.Numbers)
        {
            var (a, b) = Vector512Planes.Split(
                Vector512.LoadUnsafe(ref source, (uint)i), Vector512.LoadUnsafe(ref source, (uint)i + 16));
            var (c, d) = Vector512Planes.Split(
                Vector512.LoadUnsafe(ref source, (uint)i + 32), Vector512.LoadUnsafe(ref source, (uint)i + 48));
            Vector512.Create(a.GetLower(), c.GetLower()).StoreUnsafe(ref first, (uint)i);
            Vector512.Create(a.GetUpper(), c.GetUpper()).StoreUnsafe(ref second, (uint)i);
            Vector512.Create(b.GetLower(), d.GetLower()).StoreUnsafe(ref third, (uint)i);
            Vector512.Create(b.GetUpper(), d.GetUpper()).StoreUnsafe(ref fourth, (uint)i);
        }

        for (; BitConverter.IsLittleEndian && i + 32 <= count; i += 32)
        {
            var a = Rotate(Vector256.LoadUnsafe(ref source, (uint)i));
            var b = Rotate(Vector256.LoadUnsafe(ref source, (uint)i + 8));
            var c = Rotate(Vector256.LoadUnsafe(ref source, (uint)i + 16));
            var d = Rotate(Vector256.LoadUnsafe(ref source, (uint)i + 24));
            var bytes = Vector256.Create((ushort)0xFF);
            var half = Vector256.Create(0xFFFFu);
            var low0 = Vector256.Narrow(a & half, b & half);
            var low1 = Vector256.Narrow(c & half, d & half);
            var high0 = Vector256.Narrow(a >>> 16, b >>> 16);
            var high1 = Vector256.Narrow(c >>> 16, d >>> 16);
            Vector256.Narrow(low0 & bytes, low1 & bytes).StoreUnsafe(ref first, (uint)i);
            Vector256.Narrow(low0 >>> 8, low1 >>> 8).StoreUnsafe(ref second, (uint)i);
            Vector256.Narrow(high0 & bytes, high1 & bytes).StoreUnsafe(ref third, (uint)i);
            Vector256.Narrow(high0 >>> 8, high1 >>> 8).StoreUnsafe(ref fourth, (uint)i);
        }

        for (; i < count; i++)
        {
            var word = BitOperations.RotateLeft(LittleEndian(words[i]), 1);
            planes[0][i] = (byte)word;
            planes[1][i] = (byte)(word >> 8);
            planes[2][i] = (byte)(word >> 16);
            planes[3][i] = (byte)(word >> 24);
        }
    }

    private static void SplitBlocks(ReadOnlySpan<byte> numbers, in PlaneRooms planes)
    {
        var count = numbers.Length / BlockBytes;
        ref var source = ref MemoryMarshal.GetReference(numbers);
        ref var low = ref MemoryMarshal.GetReference(planes[0]);
        ref var high = ref MemoryMarshal.GetReference(planes[1]);
        ref var digits = ref MemoryMarshal.GetReference(planes[2]);
        for (nint block = 0; block < count; block++)
        {
            ref var first = ref Unsafe.Add(ref source, BlockBytes * block);
            Unsafe.Add(ref low, block) = first;
            Unsafe.Add(ref high, block) = Unsafe.Add(ref first, 1);
            Vector128.LoadUnsafe(ref first, 2).StoreUnsafe(ref digits, (nuint)(DigitBytes * block));
        }
    }

    private static Vector256<ushort> Rotate(Vector256<ushort> words) => (words << 1) | (words >>> 15);

    private static Vector256<uint> Rotate(Vector256<uint> words) => (words << 1) | (words >>> 31);

    private static ushort LittleEndian(ushort value)
        => BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);

    private static uint LittleEndian(uint value)
        => BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
}
