using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Continuity.Vault.Codecs;

/// <summary>Takes numbers apart into planes and puts them together again.</summary>
/// <remarks>
/// Rotating a float left by one bit brings the exponent to the top byte, whole, and the sign, which is random, to the
/// random low bits. Planes lie back to back, the least significant first. Little-endian numbers, on every machine.
/// </remarks>
internal static class PlaneTransform
{
    private const int BlockBytes = (int)PlaneLayout.Q4Blocks;
    private const int DigitBytes = 16;

    /// <summary>Splits whole numbers; both spans have the same length.</summary>
    public static void Split(PlaneLayout layout, ReadOnlySpan<byte> numbers, Span<byte> planes)
    {
        RequireWhole(layout, numbers.Length, planes.Length);
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
                numbers.CopyTo(planes);
                break;
        }
    }

    /// <summary>The reverse of <see cref="Split"/>.</summary>
    public static void Merge(PlaneLayout layout, ReadOnlySpan<byte> planes, Span<byte> numbers)
    {
        RequireWhole(layout, numbers.Length, planes.Length);
        Merge(layout, PlaneSet.Of(layout, planes), numbers);
    }

    /// <summary>The reverse of <see cref="Split"/> for planes that don't lie back to back.</summary>
    public static void Merge(PlaneLayout layout, in PlaneSet planes, Span<byte> numbers)
    {
        planes.Require(layout, numbers.Length / layout.Width());
        switch (layout)
        {
            case PlaneLayout.Words:
                MergeWords(planes, numbers);
                break;
            case PlaneLayout.DoubleWords:
                MergeDoubleWords(planes, numbers);
                break;
            case PlaneLayout.Q4Blocks:
                MergeBlocks(planes, numbers);
                break;
            default:
                planes[0].CopyTo(numbers);
                break;
        }
    }

    private static void RequireWhole(PlaneLayout layout, int numbers, int planes)
    {
        if (numbers != planes || numbers % layout.Width() != 0)
        {
            throw new ArgumentException($"{numbers} bytes and {planes} bytes of planes do not fit {layout}.");
        }
    }

    private static void SplitWords(ReadOnlySpan<byte> numbers, Span<byte> planes)
    {
        var words = MemoryMarshal.Cast<byte, ushort>(numbers);
        var count = words.Length;
        ref var source = ref MemoryMarshal.GetReference(words);
        ref var low = ref MemoryMarshal.GetReference(planes);
        ref var high = ref Unsafe.Add(ref low, count);
        var i = 0;
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
            planes[i] = (byte)word;
            planes[count + i] = (byte)(word >> 8);
        }
    }

    private static void MergeWords(in PlaneSet planes, Span<byte> numbers)
    {
        var words = MemoryMarshal.Cast<byte, ushort>(numbers);
        var count = words.Length;
        ref var target = ref MemoryMarshal.GetReference(words);
        ref var low = ref MemoryMarshal.GetReference(planes[0]);
        ref var high = ref MemoryMarshal.GetReference(planes[1]);
        var i = 0;
        for (; BitConverter.IsLittleEndian && i + 32 <= count; i += 32)
        {
            var (a, b) = Vector256.Widen(Vector256.LoadUnsafe(ref low, (uint)i));
            var (c, d) = Vector256.Widen(Vector256.LoadUnsafe(ref high, (uint)i));
            RotateBack(a | (c << 8)).StoreUnsafe(ref target, (uint)i);
            RotateBack(b | (d << 8)).StoreUnsafe(ref target, (uint)i + 16);
        }

        for (; i < count; i++)
        {
            var word = planes[0][i] | (planes[1][i] << 8);
            words[i] = LittleEndian((ushort)((word >> 1) | (word << 15)));
        }
    }

    private static void SplitDoubleWords(ReadOnlySpan<byte> numbers, Span<byte> planes)
    {
        var words = MemoryMarshal.Cast<byte, uint>(numbers);
        var count = words.Length;
        ref var source = ref MemoryMarshal.GetReference(words);
        ref var plane = ref MemoryMarshal.GetReference(planes);
        var i = 0;
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
            Vector256.Narrow(low0 & bytes, low1 & bytes).StoreUnsafe(ref plane, (uint)i);
            Vector256.Narrow(low0 >>> 8, low1 >>> 8).StoreUnsafe(ref plane, (uint)(count + i));
            Vector256.Narrow(high0 & bytes, high1 & bytes).StoreUnsafe(ref plane, (uint)((2 * count) + i));
            Vector256.Narrow(high0 >>> 8, high1 >>> 8).StoreUnsafe(ref plane, (uint)((3 * count) + i));
        }

        for (; i < count; i++)
        {
            var word = BitOperations.RotateLeft(LittleEndian(words[i]), 1);
            for (var k = 0; k < 4; k++)
            {
                planes[(k * count) + i] = (byte)(word >> (8 * k));
            }
        }
    }

    private static void MergeDoubleWords(in PlaneSet planes, Span<byte> numbers)
    {
        var words = MemoryMarshal.Cast<byte, uint>(numbers);
        var count = words.Length;
        ref var target = ref MemoryMarshal.GetReference(words);
        ref var first = ref MemoryMarshal.GetReference(planes[0]);
        ref var second = ref MemoryMarshal.GetReference(planes[1]);
        ref var third = ref MemoryMarshal.GetReference(planes[2]);
        ref var fourth = ref MemoryMarshal.GetReference(planes[3]);
        var i = 0;
        for (; BitConverter.IsLittleEndian && i + 32 <= count; i += 32)
        {
            var (a0, a1) = Vector256.Widen(Vector256.LoadUnsafe(ref first, (uint)i));
            var (b0, b1) = Vector256.Widen(Vector256.LoadUnsafe(ref second, (uint)i));
            var (c0, c1) = Vector256.Widen(Vector256.LoadUnsafe(ref third, (uint)i));
            var (d0, d1) = Vector256.Widen(Vector256.LoadUnsafe(ref fourth, (uint)i));
            StoreDoubleWords(a0 | (b0 << 8), c0 | (d0 << 8), ref target, (uint)i);
            StoreDoubleWords(a1 | (b1 << 8), c1 | (d1 << 8), ref target, (uint)i + 16);
        }

        for (; i < count; i++)
        {
            var word = planes[0][i] | ((uint)planes[1][i] << 8) | ((uint)planes[2][i] << 16)
                | ((uint)planes[3][i] << 24);
            words[i] = LittleEndian(BitOperations.RotateRight(word, 1));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreDoubleWords(Vector256<ushort> low, Vector256<ushort> high, ref uint target, uint index)
    {
        var (low0, low1) = Vector256.Widen(low);
        var (high0, high1) = Vector256.Widen(high);
        RotateBack(low0 | (high0 << 16)).StoreUnsafe(ref target, index);
        RotateBack(low1 | (high1 << 16)).StoreUnsafe(ref target, index + 8);
    }

    private static void SplitBlocks(ReadOnlySpan<byte> numbers, Span<byte> planes)
    {
        var count = numbers.Length / BlockBytes;
        ref var source = ref MemoryMarshal.GetReference(numbers);
        ref var low = ref MemoryMarshal.GetReference(planes);
        ref var high = ref Unsafe.Add(ref low, count);
        ref var digits = ref Unsafe.Add(ref low, 2 * count);
        for (nint block = 0; block < count; block++)
        {
            ref var first = ref Unsafe.Add(ref source, BlockBytes * block);
            Unsafe.Add(ref low, block) = first;
            Unsafe.Add(ref high, block) = Unsafe.Add(ref first, 1);
            Vector128.LoadUnsafe(ref first, 2).StoreUnsafe(ref digits, (nuint)(DigitBytes * block));
        }
    }

    private static void MergeBlocks(in PlaneSet planes, Span<byte> numbers)
    {
        var count = numbers.Length / BlockBytes;
        ref var target = ref MemoryMarshal.GetReference(numbers);
        ref var low = ref MemoryMarshal.GetReference(planes[0]);
        ref var high = ref MemoryMarshal.GetReference(planes[1]);
        ref var digits = ref MemoryMarshal.GetReference(planes[2]);
        for (nint block = 0; block < count; block++)
        {
            ref var first = ref Unsafe.Add(ref target, BlockBytes * block);
            first = Unsafe.Add(ref low, block);
            Unsafe.Add(ref first, 1) = Unsafe.Add(ref high, block);
            Vector128.LoadUnsafe(ref digits, (nuint)(DigitBytes * block)).StoreUnsafe(ref first, 2);
        }
    }

    private static Vector256<ushort> Rotate(Vector256<ushort> words) => (words << 1) | (words >>> 15);

    private static Vector256<ushort> RotateBack(Vector256<ushort> words) => (words >>> 1) | (words << 15);

    private static Vector256<uint> Rotate(Vector256<uint> words) => (words << 1) | (words >>> 31);

    private static Vector256<uint> RotateBack(Vector256<uint> words) => (words >>> 1) | (words << 31);

    private static ushort LittleEndian(ushort value)
        => BitConverter.IsLittleEndian ? value : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);

    private static uint LittleEndian(uint value)
        => BitConverter.IsLittleEndian ? value : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
}
