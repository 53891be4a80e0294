using Continuity.Vault.Codecs;
using CsCheck;

namespace Continuity.Vault.Tests.Codecs;

public sealed class ChunkEncoderTests : IDisposable
{
    private const int Count = 1 << 16;

    private readonly ChunkEncoder _encoder = new();
    private readonly ChunkDecoder _decoder = new();

    private static readonly Gen<byte[]> Piece = Gen.Select(Gen.Int[0, 8], Gen.Int[0, 20000], Gen.Int[0, 1000])
        .Select((kind, length, seed) => kind switch
        {
            0 => SampleData.Noise(seed, length),
            1 => SampleData.Text(seed, length),
            2 => new byte[length],
            3 => Enumerable.Repeat((byte)seed, length).ToArray(),
            _ => SampleData.Weights((ElementKind)(kind - 3), seed, length / 2),
        });

    private static readonly Gen<ChunkRegion[]> Regions = Gen.Select(
            Gen.Int[-10, 40000], Gen.Int[-10, 40000], Gen.Int[0, 7], Gen.Int[-1, 20],
            (offset, length, kind, phase) => new ChunkRegion(offset, length, (ElementKind)kind, phase))
        .Array[0, 4];

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    [Theory]
    [InlineData(ElementKind.BFloat16, 0.670)]
    [InlineData(ElementKind.Float16, 0.855)]
    [InlineData(ElementKind.Float32, 0.840)]
    [InlineData(ElementKind.Q4Blocks, 0.935)]
    public void Encode_Weights_ReachTheRatioWithAndWithoutAHint(ElementKind kind, double limit)
    {
        var raw = SampleData.Weights(kind, seed: 1, 8 * Count);

        var hinted = RoundTrip(raw, new ChunkRegion(0, raw.Length, kind, 0));
        var probed = RoundTrip(raw);

        Assert.InRange((double)hinted.Length / raw.Length, 0.5, limit);
        Assert.InRange((double)probed.Length / raw.Length, 0.5, limit);
    }

    [Theory]
    [InlineData(ElementKind.BFloat16, 1)]
    [InlineData(ElementKind.Float32, 3)]
    [InlineData(ElementKind.Q4Blocks, 11)]
    public void Encode_ChunkThatStartsInsideANumber_IsAlignedByHintAndByProbe(ElementKind kind, int phase)
    {
        var all = SampleData.Weights(kind, seed: 2, 8 * Count);
        var skip = kind switch { ElementKind.BFloat16 => 2, ElementKind.Float32 => 4, _ => 18 } - phase;
        var whole = RoundTrip(all).Length;

        var hinted = RoundTrip(all[skip..], new ChunkRegion(0, all.Length - skip, kind, phase));
        var probed = RoundTrip(all[skip..]);

        Assert.InRange(hinted.Length, whole - 100, whole + 100);
        Assert.InRange(probed.Length, whole - 100, whole + 100);
    }

    [Fact]
    public void Encode_Noise_IsStoredRaw()
        => Assert.Equal(new EncodedChunk(ChunkCodec.Raw, Count), RoundTrip(SampleData.Noise(3, Count)));

    [Fact]
    public void Encode_Text_IsCompressedByZstd()
    {
        var encoded = RoundTrip(SampleData.Text(4, Count));

        Assert.Equal(ChunkCodec.Zstd, encoded.Codec);
        Assert.InRange(encoded.Length, 1, Count / 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Encode_TextAmongNoise_IsCompressedByZstd(int seed)
    {
        // A bundle of small files: each byte on its own has too much entropy for text and too little for noise.
        var files = Enumerable.Range(0, 100).Select(i =>
            i % 5 == 0 ? SampleData.Noise((100 * seed) + i, 5000) : SampleData.Text((100 * seed) + i, 5000));

        var raw = files.SelectMany(file => file).ToArray();
        var encoded = RoundTrip(raw);

        Assert.Equal(ChunkCodec.Zstd, encoded.Codec);
        Assert.InRange((double)encoded.Length / raw.Length, 0.2, 0.55);
    }

    [Fact]
    public void Encode_Zeros_ShrinkToNearlyNothing()
        => Assert.InRange(RoundTrip(new byte[Count], new ChunkRegion(0, Count, ElementKind.BFloat16, 0)).Length, 1, 64);

    [Fact]
    public void Encode_LayoutChangesInTheChunk_CodesEachStretchOnItsOwn()
    {
        byte[] header = SampleData.Text(5, 5001);
        byte[] half = SampleData.Weights(ElementKind.BFloat16, 6, Count);
        byte[] full = SampleData.Weights(ElementKind.Float32, 7, Count);
        var apart = RoundTrip(header).Length + RoundTrip(half).Length + RoundTrip(full).Length;

        var encoded = RoundTrip(
            [.. header, .. half, .. full],
            new ChunkRegion(header.Length, half.Length, ElementKind.BFloat16, 0),
            new ChunkRegion(header.Length + half.Length, full.Length, ElementKind.Float32, 0));

        Assert.Equal(ChunkCodec.Segments, encoded.Codec);
        Assert.InRange(encoded.Length, apart, apart + 64);
    }

    [Fact]
    public void Encode_TensorsOfOneKindBackToBack_AreOneStretch()
    {
        var raw = SampleData.Weights(ElementKind.BFloat16, 8, Count);
        var regions = Enumerable.Range(0, 300)
            .Select(i => new ChunkRegion(i * 400, 400, ElementKind.BFloat16, 0)).ToArray();

        Assert.Equal(ChunkCodec.Planes, RoundTrip(raw[..(300 * 400)], regions).Codec);
    }

    [Fact]
    public void Encode_AnyDataWithAnyHint_DecodesToTheSameBytes()
    {
        var shrunk = 0;

        Gen.Select(Piece.Array[1, 4], Regions).Sample(
            (pieces, regions) =>
            {
                using var encoder = new ChunkEncoder();
                using var decoder = new ChunkDecoder();
                var raw = pieces.SelectMany(x => x).ToArray();

                var encoded = RoundTrip(encoder, decoder, raw, regions);

                Assert.Equal(0, encoder.FailedProofs);
                if (encoded.Length < raw.Length)
                {
                    Interlocked.Increment(ref shrunk);
                }
            },
            iter: 300);

        Assert.True(shrunk > 100, $"Only {shrunk} chunks shrank.");
    }

    [Fact]
    public void Encode_ManyChunks_AllocatesNothing()
    {
        var raw = SampleData.Weights(ElementKind.BFloat16, 9, Count);
        var destination = new byte[ChunkEncoder.MaximumPayloadBytes(raw.Length)];
        var back = new byte[raw.Length];
        RoundTripOnce();

        // A collection that another test sets off has the rest of this thread's allocation buffer count as taken.
        Assert.InRange(Enumerable.Range(0, 5).Min(_ => AllocatedBy(20)), 0, 1024);

        long AllocatedBy(int times)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++)
            {
                RoundTripOnce();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void RoundTripOnce()
        {
            var encoded = _encoder.Encode(raw, default, default, destination);
            _decoder.Decode(encoded.Codec, destination.AsSpan(0, encoded.Length), default, back);
        }
    }

    [Fact]
    public void Encode_DestinationTooSmall_IsRefused()
        => Assert.Throws<ArgumentException>(() => _encoder.Encode(new byte[100], default, default, new byte[100]));

    private EncodedChunk RoundTrip(byte[] raw, params ChunkRegion[] regions)
        => RoundTrip(_encoder, _decoder, raw, regions);

    private static EncodedChunk RoundTrip(
        ChunkEncoder encoder, ChunkDecoder decoder, byte[] raw, ChunkRegion[] regions)
    {
        var destination = new byte[ChunkEncoder.MaximumPayloadBytes(raw.Length)];
        var encoded = encoder.Encode(raw, new ChunkHint(regions), default, destination);
        Assert.InRange(encoded.Length, 0, raw.Length);

        var back = new byte[raw.Length];
        decoder.Decode(encoded.Codec, destination.AsSpan(0, encoded.Length), default, back);
        Assert.True(raw.AsSpan().SequenceEqual(back));
        return encoded;
    }
}
