using Continuity.Vault.Codecs;
using CsCheck;

namespace Continuity.Vault.Tests.Codecs;

public sealed class ChunkDecoderTests : IDisposable
{
    private readonly ChunkDecoder _decoder = new();

    public void Dispose() => _decoder.Dispose();

    public static TheoryData<ChunkCodec> Codecs()
        => [ChunkCodec.Raw, ChunkCodec.Zstd, ChunkCodec.Planes, ChunkCodec.Segments];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Decode_MutatedPayload_IsRefusedOrGivesSomeBytes(ChunkCodec codec)
    {
        var (raw, good) = Good(codec);
        var refused = 0;

        Gen.Select(Gen.Int[0, good.Length - 1].Array[1, 4], Gen.Byte, Gen.Int[0, good.Length], Gen.Int[-40, 40]).Sample(
            (places, value, cut, change) =>
            {
                using var decoder = new ChunkDecoder();
                var mutated = good.ToArray();
                Array.ForEach(places, place => mutated[place % (change > 0 ? mutated.Length : 64)] = value);
                refused += Refusals(decoder, codec, mutated, raw.Length);
                refused += Refusals(decoder, codec, good[..cut], raw.Length);
                refused += Refusals(decoder, codec, [.. mutated, value], raw.Length);
                refused += Refusals(decoder, codec, mutated, raw.Length + change);
            },
            threads: 1);

        Assert.True(refused > 100, $"Only {refused} payloads were refused.");
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Decode_RandomPayload_IsRefusedOrGivesSomeBytes(ChunkCodec codec)
    {
        var refused = 0;

        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 3000])
            .Sample((payload, length) => refused += Refusals(_decoder, codec, payload, length), threads: 1);

        Assert.True(refused > 50, $"Only {refused} payloads were refused.");
    }

    [Fact]
    public void Decode_UnknownCodec_NamesIt()
    {
        var exception = Assert.Throws<CorruptChunkException>(
            () => _decoder.Decode((ChunkCodec)77, new byte[3], default, new byte[3]));

        Assert.Equal((ChunkCodec)77, exception.Codec);
        Assert.Contains("77", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_FrameThatAnnouncesMuchMore_IsRefusedWithoutAllocating()
    {
        // A zstd frame with a content size of 2^62 bytes.
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0xE0, 0, 0, 0, 0, 0, 0, 0, 0x40, 1, 0, 0];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<CorruptChunkException>(() => _decoder.Decode(ChunkCodec.Zstd, frame, default, new byte[1000]));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Decode_SegmentInsideASegment_IsRefused()
    {
        byte[] payload = [1, 0, (byte)ChunkCodec.Segments, 4, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0];

        Assert.Throws<CorruptChunkException>(
            () => _decoder.Decode(ChunkCodec.Segments, payload, default, new byte[4]));
    }

    private static int Refusals(ChunkDecoder decoder, ChunkCodec codec, byte[] payload, int length)
    {
        try
        {
            decoder.Decode(codec, payload, default, new byte[Math.Max(0, length)]);
            return 0;
        }
        catch (CorruptChunkException exception)
        {
            Assert.NotEmpty(exception.Evidence);
            return 1;
        }
    }

    private static (byte[] Raw, byte[] Payload) Good(ChunkCodec codec)
    {
        var half = SampleData.Weights(ElementKind.BFloat16, 1, 3000);
        var raw = codec switch
        {
            ChunkCodec.Raw => SampleData.Noise(2, 3000),
            ChunkCodec.Zstd => SampleData.Text(3, 9000),
            ChunkCodec.Planes => half,
            _ => [.. SampleData.Text(4, 5000), .. half],
        };
        ChunkRegion[] regions = codec == ChunkCodec.Segments ? [new(5000, half.Length, ElementKind.BFloat16, 0)] : [];
        using var encoder = new ChunkEncoder();
        var destination = new byte[ChunkEncoder.MaximumPayloadBytes(raw.Length)];
        var encoded = encoder.Encode(raw, new ChunkHint(regions), default, destination);
        Assert.Equal(codec, encoded.Codec);
        return (raw, destination[..encoded.Length]);
    }
}
