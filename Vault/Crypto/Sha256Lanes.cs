using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Continuity.Vault.Crypto;

/// <summary>The compression of SHA-256 (FIPS 180-4, section 6.2.2) for sixteen messages at once, by AVX-512.</summary>
/// <remarks>
/// The rounds of one message wait for each other, so a processor's own SHA instructions leave most of it idle. Sixteen
/// independent messages fill it: each vector holds the same word of all of them. Only for processors with AVX-512.
/// </remarks>
internal static unsafe class Sha256Lanes
{
    /// <summary>How many messages are compressed at once.</summary>
    public const int Lanes = 16;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 64;

    /// <summary>Words of a state; a state of all lanes has as many vectors.</summary>
    public const int StateWords = 8;

    private const int ScheduleWords = 16;

    /// <summary>Whether this processor can.</summary>
    public static bool IsSupported => Avx512BW.IsSupported;

    private static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Compresses blocks that lie in a row into each lane's state.</summary>
    /// <param name="state">Vector n holds word n of each lane's state.</param>
    /// <param name="messages">Where each lane's blocks begin.</param>
    /// <param name="blocks">How many, the same for all lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(Vector512<uint>* state, byte** messages, long blocks)
    {
        var words = stackalloc Vector512<uint>[ScheduleWords];
        fixed (uint* constants = RoundConstants)
        {
            for (long block = 0; block < blocks; block++)
            {
                Load(messages, block * BlockBytes, words);
                CompressBlock(state, words, constants);
            }
        }
    }

    /// <summary>Loads a block of each lane as big-endian words and turns lanes into columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Load(byte** messages, long offset, Vector512<uint>* words)
    {
        var reverse = Vector512.Create(Vector256.Create(BigEndian, BigEndian), Vector256.Create(BigEndian, BigEndian));
        for (var lane = 0; lane < Lanes; lane++)
        {
            words[lane] = Avx512BW.Shuffle(Vector512.Load(messages[lane] + offset), reverse).AsUInt32();
        }

        // Four rows at a time: words within a quarter of 128 bits, ...
        for (var row = 0; row < Lanes; row += 4)
        {
            TransposeQuarters(words + row);
        }

        // ... then the quarters of rows that are four apart.
        for (var row = 0; row < 4; row++)
        {
            var (a, b, c, d) = (words[row], words[row + 4], words[row + 8], words[row + 12]);
            var low = Avx512F.Shuffle4x128(a, b, 0b10_00_10_00);
            var high = Avx512F.Shuffle4x128(c, d, 0b10_00_10_00);
            var lowOdd = Avx512F.Shuffle4x128(a, b, 0b11_01_11_01);
            var highOdd = Avx512F.Shuffle4x128(c, d, 0b11_01_11_01);
            words[row] = Avx512F.Shuffle4x128(low, high, 0b10_00_10_00);
            words[row + 4] = Avx512F.Shuffle4x128(lowOdd, highOdd, 0b10_00_10_00);
            words[row + 8] = Avx512F.Shuffle4x128(low, high, 0b11_01_11_01);
            words[row + 12] = Avx512F.Shuffle4x128(lowOdd, highOdd, 0b11_01_11_01);
        }
    }

    private static Vector128<byte> BigEndian =>
        Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeQuarters(Vector512<uint>* rows)
    {
        var low01 = Avx512F.UnpackLow(rows[0], rows[1]).AsUInt64();
        var high01 = Avx512F.UnpackHigh(rows[0], rows[1]).AsUInt64();
        var low23 = Avx512F.UnpackLow(rows[2], rows[3]).AsUInt64();
        var high23 = Avx512F.UnpackHigh(rows[2], rows[3]).AsUInt64();
        rows[0] = Avx512F.UnpackLow(low01, low23).AsUInt32();
        rows[1] = Avx512F.UnpackHigh(low01, low23).AsUInt32();
        rows[2] = Avx512F.UnpackLow(high01, high23).AsUInt32();
        rows[3] = Avx512F.UnpackHigh(high01, high23).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CompressBlock(Vector512<uint>* state, Vector512<uint>* words, uint* constants)
    {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        var (e, f, g, h) = (state[4], state[5], state[6], state[7]);
        for (var round = 0; ; round += ScheduleWords)
        {
            for (var half = 0; half < ScheduleWords; half += StateWords)
            {
                // The eight names move on by one each round.
                var word = words + half;
                var constant = constants + round + half;
                h = First(e, f, g, h + word[0] + Vector512.Create(constant[0]));
                d += h;
                h += Second(a, b, c);
                g = First(d, e, f, g + word[1] + Vector512.Create(constant[1]));
                c += g;
                g += Second(h, a, b);
                f = First(c, d, e, f + word[2] + Vector512.Create(constant[2]));
                b += f;
                f += Second(g, h, a);
                e = First(b, c, d, e + word[3] + Vector512.Create(constant[3]));
                a += e;
                e += Second(f, g, h);
                d = First(a, b, c, d + word[4] + Vector512.Create(constant[4]));
                h += d;
                d += Second(e, f, g);
                c = First(h, a, b, c + word[5] + Vector512.Create(constant[5]));
                g += c;
                c += Second(d, e, f);
                b = First(g, h, a, b + word[6] + Vector512.Create(constant[6]));
                f += b;
                b += Second(c, d, e);
                a = First(f, g, h, a + word[7] + Vector512.Create(constant[7]));
                e += a;
                a += Second(b, c, d);
            }

            if (round + ScheduleWords == RoundConstants.Length)
            {
                break;
            }

            for (var i = 0; i < ScheduleWords; i++)
            {
                words[i] += SmallSigma0(words[(i + 1) & 15]) + words[(i + 9) & 15] + SmallSigma1(words[(i + 14) & 15]);
            }
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> First(Vector512<uint> e, Vector512<uint> f, Vector512<uint> g, Vector512<uint> sum)
    {
        const byte Choose = 0xCA;
        return sum + BigSigma1(e) + Avx512F.TernaryLogic(e, f, g, Choose);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Second(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c)
    {
        const byte Majority = 0xE8;
        return BigSigma0(a) + Avx512F.TernaryLogic(a, b, c, Majority);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> BigSigma0(Vector512<uint> x) => Xor(
        Avx512F.RotateRight(x, 2), Avx512F.RotateRight(x, 13), Avx512F.RotateRight(x, 22));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> BigSigma1(Vector512<uint> x) => Xor(
        Avx512F.RotateRight(x, 6), Avx512F.RotateRight(x, 11), Avx512F.RotateRight(x, 25));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> SmallSigma0(Vector512<uint> x) => Xor(
        Avx512F.RotateRight(x, 7), Avx512F.RotateRight(x, 18), x >>> 3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> SmallSigma1(Vector512<uint> x) => Xor(
        Avx512F.RotateRight(x, 17), Avx512F.RotateRight(x, 19), x >>> 10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Xor(Vector512<uint> x, Vector512<uint> y, Vector512<uint> z)
    {
        const byte Parity = 0x96;
        return Avx512F.TernaryLogic(x, y, z, Parity);
    }
}
