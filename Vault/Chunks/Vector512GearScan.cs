using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Continuity.Vault.Chunks;

/// <summary>The gear scan for AVX-512BW: 64 positions per step.</summary>
/// <remarks>
/// The steps are those of <see cref="Vector256GearScan"/>, where they are explained, on four lanes. Without AVX-512
/// each instruction is done as two of AVX2: slower than the path for AVX2, and there to prove these steps on any
/// machine.
/// </remarks>
internal static class Vector512GearScan
{
    private const int BlockBytes = 64;

    /// <summary>Scans whole blocks from <paramref name="position"/> on and moves it to where it stopped.</summary>
    public static int Find(ReadOnlySpan<byte> data, ref int position, GearTable table, ushort mask)
    {
        // The first block starts a window early: its first positions only warm the hash up.
        var block = position - GearScan.WindowBytes;
        if (data.Length - block < BlockBytes)
        {
            return -1;
        }

        var wanted = ulong.MaxValue << GearScan.WindowBytes;
        ref var first = ref MemoryMarshal.GetReference(data);
        var lookup = new Lookup(table);
        var bits = Vector512.Create(mask);
        Vector512<ushort> odd1 = default, odd2 = default, odd4 = default, odd8 = default;
        for (; block <= data.Length - BlockBytes; block += BlockBytes)
        {
            var (even, odd) = lookup.Words(Vector512.LoadUnsafe(ref first, (uint)block));
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

            var zero = Pack(
                Vector512.Equals(even & bits, Vector512<ushort>.Zero).AsInt16(),
                Vector512.Equals(odd & bits, Vector512<ushort>.Zero).AsInt16());
            var hits = zero.ExtractMostSignificantBits() & wanted;
            if (hits != 0)
            {
                return block + BitOperations.TrailingZeroCount(hits);
            }

            wanted = ulong.MaxValue;
        }

        position = block;
        return -1;
    }

    // Elements of each lane moved up by 8 - bytes / 2, filled from the end of the previous lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> Shift(
        Vector512<ushort> lanes, Vector512<ushort> previous, [ConstantExpected] byte bytes)
        => Avx512BW.IsSupported
            ? Avx512BW.AlignRight(lanes.AsByte(), previous.AsByte(), bytes).AsUInt16()
            : Vector512.Create(
                Avx2.AlignRight(lanes.GetLower().AsByte(), previous.GetLower().AsByte(), bytes),
                Avx2.AlignRight(lanes.GetUpper().AsByte(), previous.GetUpper().AsByte(), bytes)).AsUInt16();

    private static Vector512<ushort> PreviousLanes(Vector512<ushort> previous, Vector512<ushort> current)
        => Avx512F.IsSupported
            ? Avx512F.AlignRight64(current.AsUInt64(), previous.AsUInt64(), 6).AsUInt16()
            : Vector512.Create(
                Avx2.Permute2x128(previous.GetUpper(), current.GetLower(), 0x21),
                Avx2.Permute2x128(current.GetLower(), current.GetUpper(), 0x21));

    private static Vector512<byte> Shuffle(Vector512<byte> table, Vector512<byte> indices)
        => Avx512BW.IsSupported
            ? Avx512BW.Shuffle(table, indices)
            : Vector512.Create(
                Avx2.Shuffle(table.GetLower(), indices.GetLower()), Avx2.Shuffle(table.GetUpper(), indices.GetUpper()));

    private static Vector512<ushort> UnpackLow(Vector512<byte> low, Vector512<byte> high)
        => Avx512BW.IsSupported
            ? Avx512BW.UnpackLow(low, high).AsUInt16()
            : Vector512.Create(
                Avx2.UnpackLow(low.GetLower(), high.GetLower()),
                Avx2.UnpackLow(low.GetUpper(), high.GetUpper())).AsUInt16();

    private static Vector512<ushort> UnpackHigh(Vector512<byte> low, Vector512<byte> high)
        => Avx512BW.IsSupported
            ? Avx512BW.UnpackHigh(low, high).AsUInt16()
            : Vector512.Create(
                Avx2.UnpackHigh(low.GetLower(), high.GetLower()),
                Avx2.UnpackHigh(low.GetUpper(), high.GetUpper())).AsUInt16();

    private static Vector512<sbyte> Pack(Vector512<short> low, Vector512<short> high)
        => Avx512BW.IsSupported
            ? Avx512BW.PackSignedSaturate(low, high)
            : Vector512.Create(
                Avx2.PackSignedSaturate(low.GetLower(), high.GetLower()),
                Avx2.PackSignedSaturate(low.GetUpper(), high.GetUpper()));

    private readonly struct Lookup(GearTable table)
    {
        private readonly Vector512<byte> _lowLow = Repeat(table.LowNibbleLowBytes);
        private readonly Vector512<byte> _lowHigh = Repeat(table.LowNibbleHighBytes);
        private readonly Vector512<byte> _highLow = Repeat(table.HighNibbleLowBytes);
        private readonly Vector512<byte> _highHigh = Repeat(table.HighNibbleHighBytes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector512<ushort> Even, Vector512<ushort> Odd) Words(Vector512<byte> bytes)
        {
            var nibble = Vector512.Create((byte)15);
            var low = bytes & nibble;
            var high = (bytes.AsUInt16() >>> 4).AsByte() & nibble;
            var lowBytes = Shuffle(_lowLow, low) ^ Shuffle(_highLow, high);
            var highBytes = Shuffle(_lowHigh, low) ^ Shuffle(_highHigh, high);
            return (UnpackLow(lowBytes, highBytes), UnpackHigh(lowBytes, highBytes));
        }

        private static Vector512<byte> Repeat(Vector128<byte> table)
            => Vector512.Create(Vector256.Create(table, table), Vector256.Create(table, table));
    }
}
