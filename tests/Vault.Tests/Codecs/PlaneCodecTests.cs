using Continuity.Vault.Codecs;
using CsCheck;

namespace Continuity.Vault.Tests.Codecs;

public class PlaneCodecTests
{
    // What the bytes of a plane are like: the planes of a chunk are put into the payload in different ways.
    private enum Likeness
    {
        Constant,
        Noise,
        Skewed,
    }

    private static readonly Gen<(PlaneLayout Layout, Likeness[] Planes, byte[] Raw)> Chunks =
        Gen.Select(
                Gen.Enum<PlaneLayout>(),
                Gen.Enum<Likeness>().Array[PlaneLayouts.MaximumPlanes],
                Gen.OneOf(Gen.Int[64, 3000], Gen.Int[16_000, 300_000]),
                Gen.Int)
            .Select((layout, planes, count, seed) => (layout, planes, Numbers(layout, planes, count, seed)));

    [Fact]
    public void Decode_PlanesOfAnyLikeness_GivesTheBytesBack()
    {
        var seen = new HashSet<string>();

        Chunks.Sample(
            chunk =>
            {
                var (layout, planes, raw) = chunk;
                var codec = new PlaneCodec(new CodecScratch(), new PlaneBlock());
                var payload = new byte[ChunkEncoder.MaximumPayloadBytes(raw.Length)];
                var length = codec.TryEncode(raw, layout, 0, payload);
                if (length == 0)
                {
                    // Only what is noise throughout, or too short for a code, may be left.
                    Assert.True(
                        raw.Length < 100_000 || planes[..layout.PlaneCount()].All(plane => plane == Likeness.Noise));
                    return;
                }

                var back = new byte[raw.Length];
                codec.Decode(payload.AsSpan(0, length), back);
                Assert.Equal(raw, back);
                Assert.True(codec.Matches(payload.AsSpan(0, length), raw));
                seen.Add($"{layout}: {string.Join(' ', planes[..layout.PlaneCount()])}");
            },
            threads: 1);

        Assert.True(seen.Count > 20, $"Only {seen.Count} combinations were encoded.");
    }

    [Fact]
    public void TryEncode_CodeThatSavesHardlyAnything_GivesTheBytesBack()
    {
        // Between a code and noise, in every plane, short of room for what a code is written with.
        for (var spread = 190; spread <= 256; spread += 3)
        {
            var random = new Random(spread);
            var planes = Enumerable.Range(0, 4 * 17_000).Select(_ => (byte)random.Next(spread)).ToArray();
            var raw = new byte[planes.Length];
            PlaneTransform.Merge(PlaneLayout.DoubleWords, planes, raw);
            var codec = new PlaneCodec(new CodecScratch(), new PlaneBlock());
            var payload = new byte[ChunkEncoder.MaximumPayloadBytes(raw.Length)];

            var length = codec.TryEncode(raw, PlaneLayout.DoubleWords, 0, payload);

            var back = new byte[raw.Length];
            if (length > 0)
            {
                codec.Decode(payload.AsSpan(0, length), back);
                Assert.Equal(raw, back);
            }
        }
    }

    private static byte[] Numbers(PlaneLayout layout, Likeness[] likenesses, int count, int seed)
    {
        var random = new Random(seed);
        var planes = new byte[count * layout.Width()];
        var position = 0;
        for (var plane = 0; plane < layout.PlaneCount(); plane++)
        {
            var bytes = planes.AsSpan(position, count * layout.PlaneWidth(plane));
            position += bytes.Length;
            random.NextBytes(bytes);
            foreach (ref var value in bytes)
            {
                value = likenesses[plane] switch
                {
                    Likeness.Constant => (byte)plane,
                    Likeness.Skewed => (byte)(120 + (value & (value >> 4) & 7)),
                    _ => value,
                };
            }
        }

        var numbers = new byte[planes.Length];
        PlaneTransform.Merge(layout, planes, numbers);
        return numbers;
    }
}
