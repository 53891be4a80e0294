using System.Runtime.InteropServices;
using Continuity.Vault.Codecs;
using CsCheck;

namespace Continuity.Vault.Tests.Codecs;

public sealed class DeltaTests : IDisposable
{
    private const int Count = 1 << 18;

    private readonly ChunkEncoder _encoder = new();
    private readonly ChunkDecoder _decoder = new();

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    [Theory]
    [InlineData(ElementKind.BFloat16, 0.16)]
    [InlineData(ElementKind.Float32, 0.65)]
    public void Encode_EveryWeightMovedByOneStep_NeedsTheStepsOnly(ElementKind kind, double limit)
    {
        var (before, after) = SampleData.Checkpoints(kind, seed: 1, Count);

        var encoded = RoundTrip(after, before, 0, new ChunkRegion(0, after.Length, kind, 0));

        Assert.Equal(ChunkCodec.Delta, encoded.Codec);
        Assert.InRange((double)encoded.Length / after.Length, 0.05, limit);
    }

    [Fact]
    public void Encode_FewWeightsChanged_NeedsLessThanABitForEach()
    {
        var before = SampleData.Weights(ElementKind.BFloat16, 2, Count);
        var after = WithChanges(before, oneIn: 40, seed: 3);

        var encoded = RoundTrip(after, before, 0, new ChunkRegion(0, after.Length, ElementKind.BFloat16, 0));

        Assert.Equal(ChunkCodec.Delta, encoded.Codec);
        Assert.InRange(encoded.Length, 1, Count * 0.4 / 8);
    }

    [Fact]
    public void Encode_NothingChanged_NeedsAFewBytes()
    {
        var raw = SampleData.Weights(ElementKind.BFloat16, 4, Count);

        Assert.InRange(RoundTrip(raw, raw, 0, new ChunkRegion(0, raw.Length, ElementKind.BFloat16, 0)).Length, 1, 64);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4097)]
    [InlineData(-5000)]
    public void Encode_BaseLiesElsewhere_FindsTheDifferencesWhereItReaches(int shift)
    {
        var (before, after) = SampleData.Checkpoints(ElementKind.BFloat16, seed: 5, Count);
        var aligned = RoundTrip(after, before, 0).Length;
        byte[] moved = shift > 0 ? [.. SampleData.Noise(6, shift), .. before] : before[-shift..];

        var encoded = RoundTrip(after, moved, shift);

        Assert.InRange(encoded.Length, aligned - 5000, aligned + 5000);
    }

    [Fact]
    public void Encode_ChunkStartsInsideANumberWithoutHint_FindsTheAlignment()
    {
        var (before, after) = SampleData.Checkpoints(ElementKind.BFloat16, seed: 7, Count);

        var encoded = RoundTrip(after[1..], before[1..], 0);

        Assert.Equal(ChunkCodec.Delta, encoded.Codec);
        Assert.InRange((double)encoded.Length / after.Length, 0.05, 0.16);
    }

    [Theory]
    [InlineData(ElementKind.BFloat16)]
    [InlineData(ElementKind.Float32)]
    [InlineData(ElementKind.Float16)]
    public void Encode_UnrelatedBase_IsNotUsed(ElementKind kind)
    {
        var raw = SampleData.Weights(kind, 8, Count);
        var region = new ChunkRegion(0, raw.Length, kind, 0);
        var plain = RoundTrip(raw, [], 0, region);

        var encoded = RoundTrip(raw, SampleData.Noise(9, raw.Length), 0, region);

        Assert.Equal(plain, encoded);
    }

    [Fact]
    public void Encode_AnyBaseAndOffset_DecodesToTheSameBytes()
    {
        var deltas = 0;
        ElementKind[] all = [ElementKind.Unknown, ElementKind.BFloat16, ElementKind.Float16, ElementKind.Float32];
        var kinds = Gen.Int[0, all.Length - 1].Select(i => all[i]);
        var change = Gen.Int[1, 60];

        Gen.Select(kinds, Gen.Int[0, 20000], Gen.Int[-9000, 9000], change, Gen.Int[0, 3], Gen.Int[0, 9999]).Sample(
            (kind, count, offset, oneIn, phase, seed) =>
            {
                using var encoder = new ChunkEncoder();
                using var decoder = new ChunkDecoder();
                var before = SampleData.Weights(kind, seed, count);
                var raw = WithChanges(before, oneIn, seed);
                byte[] basis = offset > 0
                    ? [.. SampleData.Noise(seed, offset), .. before]
                    : before[Math.Min(before.Length, -offset)..];

                var encoded = RoundTrip(
                    encoder, decoder, raw, basis, offset, [new ChunkRegion(0, raw.Length, kind, phase)]);

                Assert.Equal(0, encoder.FailedProofs);
                if (encoded.Codec != ChunkCodec.Raw && encoded.Length < raw.Length / 3)
                {
                    Interlocked.Increment(ref deltas);
                }
            },
            iter: 200);

        Assert.True(deltas > 40, $"Only {deltas} chunks had a use for their base.");
    }

    [Fact]
    public void Decode_OtherOrMissingBase_IsRefusedOrGivesOtherBytes()
    {
        var (before, after) = SampleData.Checkpoints(ElementKind.BFloat16, seed: 10, Count);
        var payload = Encode(after, before);

        Assert.Throws<CorruptChunkException>(
            () => _decoder.Decode(ChunkCodec.Delta, payload, [], new byte[after.Length]));
        Assert.Throws<CorruptChunkException>(
            () => _decoder.Decode(ChunkCodec.Delta, payload, before.AsSpan(1), new byte[after.Length]));
    }

    [Theory]
    [InlineData(ElementKind.BFloat16, 1)]
    [InlineData(ElementKind.BFloat16, 40)]
    [InlineData(ElementKind.Float32, 1)]
    public void Decode_MutatedPayload_IsRefusedOrGivesSomeBytes(ElementKind kind, int oneIn)
    {
        var (before, stepped) = SampleData.Checkpoints(kind, seed: 11, 4000);
        var after = oneIn == 1 ? stepped : WithChanges(before, oneIn, seed: 12);
        var payload = Encode(after, before);
        var refused = 0;

        Gen.Select(Gen.Int[0, payload.Length - 1].Array[1, 4], Gen.Byte, Gen.Int[0, payload.Length]).Sample(
            (places, value, cut) =>
            {
                var mutated = payload.ToArray();
                Array.ForEach(places, place => mutated[place] = value);
                foreach (var bytes in new[] { mutated, payload[..cut], [.. payload, value] })
                {
                    try
                    {
                        _decoder.Decode(ChunkCodec.Delta, bytes, before, new byte[after.Length]);
                    }
                    catch (CorruptChunkException)
                    {
                        refused++;
                    }
                }
            },
            threads: 1);

        Assert.True(refused > 100, $"Only {refused} payloads were refused.");
    }

    [Fact]
    public void Symbols_VectorsAndRemainder_GiveTheValuesBack()
    {
        Gen.Select(Gen.UShort.Array[1, 200], Gen.Int[-200, 200].Array[200]).Sample((bases, steps) =>
        {
            var values = bases.Select((x, i) => (ushort)(x + steps[i])).ToArray();
            var symbols = new byte[bases.Length];
            var escapes = new ushort[bases.Length];
            var back = new ushort[bases.Length];

            var count = DeltaSymbols.Write(values, bases, symbols, escapes);
            DeltaSymbols.Read(
                symbols, bases, MemoryMarshal.AsBytes(escapes.AsSpan(0, count)), back);

            Assert.Equal(values, back);
            Assert.Equal(steps.Take(bases.Length).Count(step => step is > 127 or < -127), count);
        });
    }

    private byte[] Encode(byte[] raw, byte[] basis)
    {
        var destination = new byte[ChunkEncoder.MaximumPayloadBytes(raw.Length)];
        var encoded = _encoder.Encode(raw, default, basis, destination);
        Assert.Equal(ChunkCodec.Delta, encoded.Codec);
        return destination[..encoded.Length];
    }

    private static byte[] WithChanges(byte[] before, int oneIn, int seed)
    {
        var random = new Random(seed);
        var after = before.ToArray();
        for (var i = 0; i + 4 <= after.Length; i += 2)
        {
            after[i] += (byte)(random.Next(oneIn) == 0 ? random.Next(1, 9) : 0);
        }

        return after;
    }

    private EncodedChunk RoundTrip(byte[] raw, byte[] basis, int offset, params ChunkRegion[] regions)
        => RoundTrip(_encoder, _decoder, raw, basis, offset, regions);

    private static EncodedChunk RoundTrip(
        ChunkEncoder encoder, ChunkDecoder decoder, byte[] raw, byte[] basis, int offset, ChunkRegion[] regions)
    {
        var destination = new byte[ChunkEncoder.MaximumPayloadBytes(raw.Length)];
        var encoded = encoder.Encode(raw, new ChunkHint(regions, offset), basis, destination);
        Assert.InRange(encoded.Length, 0, raw.Length);

        var back = new byte[raw.Length];
        decoder.Decode(encoded.Codec, destination.AsSpan(0, encoded.Length), basis, back);
        Assert.True(raw.AsSpan().SequenceEqual(back));
        return encoded;
    }
}
