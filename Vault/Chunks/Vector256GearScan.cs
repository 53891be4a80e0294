using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Continuity.Vault.Chunks;

/// <summary>The gear scan for AVX2: 32 positions per step.</summary>
/// <remarks>
/// The hash over 16 bytes is built by doubling: with s1 = T, s(2k)[i] = s(k)[i] + (s(k)[i - k] &lt;&lt; k), so s16
/// takes four steps. Unpacking works within lanes of 128 bits: <c>even</c> holds positions 0-7 of each lane, <c>odd</c>
/// 8-15.
/// </remarks>
internal static class Vector256GearScan
{
    private const int BlockBytes = 32;

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
        var bits = Vector256.Create(mask);
        Vector256<ushort> odd1 = default, odd2 = default, odd4 = default, odd8 = default;
        for (; block <= data.Length - BlockBytes; block += BlockBytes)
        {
            var (even, odd) = lookup.Words(Vector256.LoadUnsafe(ref first, (uint)block));
            var carry = PreviousLanes(odd1, odd);
            odd1 = odd;
            odd += Shift(odd, even, 14) << 1;
            even += Shift(even, carry, 14) << 1;

            carry = PreviousLanes(odd2, odd);
            odd2 = odd;
            odd += Shift(odd, even, 12) << 2;
            even += Shift(even, carry, 12) << 2;

            carry = PreviousLanes(odd4, odd);
            odd4 = odd;
            odd += Shift(odd, even, 8) << 4;
            even += Shift(even, carry, 8) << 4;

            carry = PreviousLanes(odd8, odd);
            odd8 = odd;
            odd += even << 8;
            even += carry << 8;

            var zero = Avx2.PackSignedSaturate(
                Vector256.Equals(even & bits, Vector256<ushort>.Zero).AsInt16(),
                Vector256.Equals(odd & bits, Vector256<ushort>.Zero).AsInt16());
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

    // Elements of each lane moved up by 8 - bytes / 2, filled from the end of the previous lane.
    private static Vector256<ushort> Shift(
        Vector256<ushort> lanes, Vector256<ushort> previous, [ConstantExpected] byte bytes)
        => Avx2.AlignRight(lanes.AsByte(), previous.AsByte(), bytes).AsUInt16();

    private static Vector256<ushort> PreviousLanes(Vector256<ushort> previous, Vector256<ushort> current)
        => Avx2.Permute2x128(previous, current, 0x21);

    private readonly struct Lookup(GearTable table)
    {
        private readonly Vector256<byte> _lowLow = Repeat(table.LowNibbleLowBytes);
        private readonly Vector256<byte> _lowHigh = Repeat(table.LowNibbleHighBytes);
        private readonly Vector256<byte> _highLow = Repeat(table.HighNibbleLowBytes);
        private readonly Vector256<byte> _highHigh = Repeat(table.HighNibbleHighBytes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector256<ushort> Even, Vector256<ushort> Odd) Words(Vector256<byte> bytes)
        {
            var nibble = Vector256.Create((byte)15);
            var low = bytes & nibble;
            var high = (bytes.AsUInt16() >>> 4).AsByte() & nibble;
            var lowBytes = Avx2.Shuffle(_lowLow, low) ^ Avx2.Shuffle(_highLow, high);
            var highBytes = Avx2.Shuffle(_lowHigh, low) ^ Avx2.Shuffle(_highHigh, high);
            return (Avx2.UnpackLow(lowBytes, highBytes).AsUInt16(), Avx2.UnpackHigh(lowBytes, highBytes).AsUInt16());
        }

        private static Vector256<byte> Repeat(Vector128<byte> table) => Vector256.Create(table, table);
    }
}
