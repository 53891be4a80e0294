using Continuity.Vault.Codecs;
using CsCheck;

namespace Continuity.Vault.Tests.Codecs;

public class ChunkProofTests
{
    // A header before the numbers, as in a file's first chunk.
    private const int HeaderBytes = 301;

    private static readonly Gen<(ElementKind Kind, byte[] Raw)> Chunks =
        Gen.Select(Gen.Enum<ElementKind>(), Gen.Int[3000, 20_000], Gen.Int, Gen.Bool)
            .Select((kind, count, seed, hasHeader) => (kind, (byte[])
                [.. SampleData.Noise(seed, hasHeader ? HeaderBytes : 0), .. SampleData.Weights(kind, seed, count)]));

    [Fact]
    public void Holds_WhatTheEncoderWrote()
    {
        var codecs = new HashSet<ChunkCodec>();

        Chunks.Sample(
            chunk =>
            {
                var (codec, payload) = Encode(chunk.Kind, chunk.Raw);

                Assert.True(Proof().Holds(codec, payload, default, chunk.Raw));
                codecs.Add(codec);
            },
            threads: 1);

        Assert.Superset(new HashSet<ChunkCodec> { ChunkCodec.Planes, ChunkCodec.Segments }, codecs);
    }

    [Fact]
    public void Holds_AlteredPayloadOrChunk_IsWhatDecodingSays()
    {
        int same = 0, other = 0;
        Gen.Select(Chunks, Gen.Int[0, int.MaxValue], Gen.Int[0, 7]).Sample((chunk, place, bit) =>
        {
            var (codec, payload) = Encode(chunk.Kind, chunk.Raw);
            var altered = payload.ToArray();
            altered[place % altered.Length] ^= (byte)(1 << bit);
            var raw = chunk.Raw.ToArray();
            raw[place % raw.Length] ^= (byte)(1 << bit);

            var holds = Proof().Holds(codec, altered, default, chunk.Raw);

            Assert.Equal(DecodesTo(codec, altered, chunk.Raw), holds);
            Assert.False(Proof().Holds(codec, payload, default, raw));
            Interlocked.Increment(ref holds ? ref same : ref other);
        });

        Assert.True(other > 50, $"{other} alterations changed the chunk and {same} didn't.");
    }

    private static ChunkProof Proof()
    {
        var scratch = new CodecScratch();
        var block = new PlaneBlock();
        var planes = new PlaneCodec(scratch, block);
        return new ChunkProof(
            new ChunkReader(new ZstdCodec(), planes, new DeltaCodec(scratch, block)), planes, scratch);
    }

    private static (ChunkCodec Codec, byte[] Payload) Encode(ElementKind kind, byte[] raw)
    {
        using var encoder = new ChunkEncoder();
        var payload = new byte[ChunkEncoder.MaximumPayloadBytes(raw.Length) + 1000];
        var header = raw.Length % PlaneLayouts.Of(kind).Width() == 0 ? 0 : HeaderBytes;
        var hint = new ChunkHint([new ChunkRegion(header, raw.Length - header, kind, 0)]);
        var encoded = encoder.Encode(raw, hint, default, payload);
        return (encoded.Codec, payload[..encoded.Length]);
    }

    private static bool DecodesTo(ChunkCodec codec, byte[] payload, byte[] raw)
    {
        using var decoder = new ChunkDecoder();
        var back = new byte[raw.Length];
        try
        {
            decoder.Decode(codec, payload, default, back);
        }
        catch (CorruptChunkException)
        {
            return false;
        }

        return back.AsSpan().SequenceEqual(raw);
    }
}
