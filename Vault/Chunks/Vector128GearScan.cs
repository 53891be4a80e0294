using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Continuity.Vault.Chunks;

/// <summary>The gear scan for SSSE3 and for AdvSimd on ARM: 16 positions per step.</summary>
/// <remarks>
/// The steps are those of <see cref="Vector256GearScan"/>, where they are explained, with a single lane.
/// </remarks>
internal static class Vector128GearScan
{
    private const int BlockBytes = 16;

    /// <summary>Scans whole blocks from <paramref name="position"/> on and moves it to where it stopped.</summary>
    public static int Find(ReadOnlySpan<byte> data, ref int position, GearTable table, ushort mask)
    {
        // The first block starts a window early: its first positions only warm the hash up.
        var block = position - GearScan.WindowBytes;
        if (data.Length - block < BlockBytes)
        {
            return -1;
        }

        var wanted = uint.MaxValue << GearScan.WindowBytes;
        ref var first = ref MemoryMarshal.GetReference(data);
        var lookup = new Lookup(table);
        var bits = Vector128.Create(mask);
        Vector128<ushort> odd1 = default, odd2 = default, odd4 = default, odd8 = default;
        for (; block <= data.Length - BlockBytes; block += BlockBytes)
        {
            var (even, odd) = lookup.Words(Vector128.LoadUnsafe(ref first, (uint)block));
            var carry = odd1;
            odd1 = odd;
            odd += Shift(odd, even, 14) << 1;
            even += Shift(even, carry, 14) << 1;

            carry = odd2;
            odd2 = odd;
            odd += Shift(odd, even, 12) << 2;
            even += Shift(even, carry, 12) << 2;

            carry = odd4;
            odd4 = odd;
            odd += Shift(odd, even, 8) << 4;
            even += Shift(even, carry, 8) << 4;

            carry = odd8;
            odd8 = odd;
            odd += even << 8;
            even += carry << 8;

            var zero = Vector128.Narrow(
                Vector128.Equals(even & bits, Vector128<ushort>.Zero),
                Vector128.Equals(odd & bits, Vector128<ushort>.Zero));
            var hits = zero.ExtractMostSignificantBits() & wanted;
            if (hits != 0)
            {
                return block + BitOperations.TrailingZeroCount(hits);
            }

            wanted = uint.MaxValue;
        }

        position = block;
        return -1;
    }

    // Elements moved up by 8 - bytes / 2, filled from the end of the previous vector.
    private static Vector128<ushort> Shift(
        Vector128<ushort> lanes, Vector128<ushort> previous, [ConstantExpected(Max = (byte)15)] byte bytes)
        => AdvSimd.IsSupported
            ? AdvSimd.ExtractVector128(previous.AsByte(), lanes.AsByte(), bytes).AsUInt16()
            : Ssse3.AlignRight(lanes.AsByte(), previous.AsByte(), bytes).AsUInt16();

    private static Vector128<ushort> Interleave(Vector128<byte> low, Vector128<byte> high, bool upper)
        => AdvSimd.Arm64.IsSupported
            ? (upper ? AdvSimd.Arm64.ZipHigh(low, high) : AdvSimd.Arm64.ZipLow(low, high)).AsUInt16()
            : (upper ? Sse2.UnpackHigh(low, high) : Sse2.UnpackLow(low, high)).AsUInt16();

    private readonly struct Lookup(GearTable table)
    {
        private readonly Vector128<byte> _lowLow = table.LowNibbleLowBytes;
        private readonly Vector128<byte> _lowHigh = table.LowNibbleHighBytes;
        private readonly Vector128<byte> _highLow = table.HighNibbleLowBytes;
        private readonly Vector128<byte> _highHigh = table.HighNibbleHighBytes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector128<ushort> Even, Vector128<ushort> Odd) Words(Vector128<byte> bytes)
        {
            var nibble = Vector128.Create((byte)15);
            var low = bytes & nibble;
            var high = (bytes.AsUInt16() >>> 4).AsByte() & nibble;
            var lowBytes = Vector128.ShuffleNative(_lowLow, low) ^ Vector128.ShuffleNative(_highLow, high);
            var highBytes = Vector128.ShuffleNative(_lowHigh, low) ^ Vector128.ShuffleNative(_highHigh, high);
            return (Interleave(lowBytes, highBytes, upper: false), Interleave(lowBytes, highBytes, upper: true));
        }
    }
}
