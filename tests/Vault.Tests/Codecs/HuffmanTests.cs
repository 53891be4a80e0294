using System.Numerics;
using Continuity.Vault.Codecs;
using CsCheck;

namespace Continuity.Vault.Tests.Codecs;

public class HuffmanTests
{
    // Counts that fall like powers of a base give codes from balanced to far beyond the longest length allowed.
    private static readonly Gen<int[]> Counts = Gen.Select(Gen.Int[2, 256], Gen.Double[1.0, 2.2], Gen.Int[0, 255])
        .Select((used, ratio, shift) =>
        {
            var counts = new int[256];
            for (var i = 0; i < used; i++)
            {
                counts[(i + shift) % 256] = 1 + (int)Math.Min(1e6, Math.Pow(ratio, i) % 1e6);
            }

            return counts;
        });

    private static readonly Gen<int> Spread = Gen.Int[1, 255];

    private static readonly Gen<byte[]> Skewed = Gen.Select(Spread, Gen.Int[0, 200], Gen.Int[64, 20000], Gen.Int)
        .Select((spread, shift, length, seed) =>
        {
            var random = new Random(seed);
            var bytes = new byte[length];
            for (var i = 0; i < length; i++)
            {
                bytes[i] = (byte)(shift + (int)(spread * Math.Pow(random.NextDouble(), 4)));
            }

            return bytes;
        });

    // Mostly one value, and now and then a run of others, whose codes are long.
    private static readonly Gen<byte[]> Rare = Gen.Select(Gen.Int[1, 255], Gen.Int[64, 20000], Gen.Int)
        .Select((others, length, seed) =>
        {
            var random = new Random(seed);
            var bytes = new byte[length];
            for (var i = random.Next(400); i < length; i += random.Next(400))
            {
                for (var end = Math.Min(length, i + random.Next(40)); i < end; i++)
                {
                    bytes[i] = (byte)random.Next(others + 1);
                }
            }

            return bytes;
        });

    [Fact]
    public void BuildLengths_AnyCounts_MakeACompleteCodeThatOrdersByCount()
    {
        var limited = 0;

        Counts.Sample(counts =>
        {
            var lengths = new byte[256];

            HuffmanCode.BuildLengths(counts, lengths);

            Assert.True(HuffmanCode.IsComplete(lengths));
            Assert.All(Enumerable.Range(0, 256), i => Assert.Equal(counts[i] > 0, lengths[i] > 0));
            if (lengths.Max() == HuffmanCode.MaximumBits)
            {
                Interlocked.Increment(ref limited);
            }
        });

        Assert.True(limited > 5, "No generated code reached the longest length.");
    }

    [Fact]
    public void BuildLengths_CountsOfPowersOfTwo_AreOptimal()
    {
        var counts = new int[256];
        (counts['a'], counts['b'], counts['c'], counts['d']) = (8, 4, 2, 2);
        var lengths = new byte[256];

        HuffmanCode.BuildLengths(counts, lengths);

        Assert.Equal([1, 2, 3, 3], lengths[(int)'a'..('d' + 1)]);
    }

    [Fact]
    public void BuildLengths_LessThanTwoSymbols_IsRefused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => HuffmanCode.BuildLengths(new int[256], new byte[256]));

    [Fact]
    public void Decode_EncodedBlock_GivesTheBytesBack()
    {
        var encoded = 0;

        Skewed.Sample(bytes =>
        {
            var block = new byte[bytes.Length + 300];
            var length = new HuffmanEncoder().TryEncode(bytes, block);
            if (length > 0)
            {
                var back = new byte[bytes.Length];
                new HuffmanDecoder().Decode(block.AsSpan(0, length), back, ChunkCodec.Planes);
                Assert.Equal(bytes, back);
                Interlocked.Increment(ref encoded);
            }
        });

        Assert.True(encoded > 50, $"Only {encoded} inputs were worth encoding.");
    }

    [Fact]
    public void TryEncode_EveryWayOfWriting_WritesTheSame()
    {
        int encoded = 0, tooLong = 0;
        var ways = Enum.GetValues<HuffmanWriting>()
            .Where(way => way != HuffmanWriting.ByVectors || Vector512HuffmanWriter.IsSupported);

        Gen.OneOf(Skewed, Rare).Sample(bytes =>
        {
            var blocks = ways.Select(way =>
            {
                var block = new byte[bytes.Length + 300];
                return block[..new HuffmanEncoder(way).TryEncode(bytes, block)];
            }).ToArray();

            Assert.All(blocks, block => Assert.Equal(blocks[0], block));
            Interlocked.Add(ref encoded, blocks[0].Length > 0 ? 1 : 0);
            Interlocked.Add(ref tooLong, blocks[0].Length > 0 && HasEightLongCodes(bytes) ? 1 : 0);
        });

        Assert.True(encoded > 50, $"Only {encoded} inputs were worth encoding.");
        Assert.True(tooLong > 5, $"Only {tooLong} inputs had eight codes that fit no word.");
    }

    [Fact]
    public void TryEncode_DestinationOfAnyLength_FitsOrDeclines()
    {
        var bytes = Enumerable.Range(0, 9000).Select(i => (byte)(i * i % 23)).ToArray();
        var whole = new byte[9300];
        whole = whole[..new HuffmanEncoder().TryEncode(bytes, whole)];

        for (var room = 0; room < whole.Length + 1000; room += 7)
        {
            var destination = new byte[room + 16];
            destination.AsSpan(room).Fill(0xA5);

            var length = new HuffmanEncoder().TryEncode(bytes, destination.AsSpan(0, room));

            Assert.True(length == 0 || whole.AsSpan().SequenceEqual(destination.AsSpan(0, length)));
            Assert.All(destination[room..], value => Assert.Equal(0xA5, value));
        }
    }

    [Fact]
    public void TryEncode_SkewedBytes_ComesWithinThreePercentOfTheEntropy()
    {
        var bytes = Enumerable.Range(0, 1 << 16)
            .Select(i => (byte)(100 + BitOperations.TrailingZeroCount(i | 256) + (i % 3))).ToArray();
        var counts = new int[256];
        ByteHistogram.Count(bytes, counts);
        var entropyBytes = ByteHistogram.Entropy(counts, bytes.Length) * bytes.Length / 8;

        var length = new HuffmanEncoder().TryEncode(bytes, new byte[bytes.Length + 64]);

        Assert.InRange(length, entropyBytes, entropyBytes * 1.03);
    }

    [Fact]
    public void TryEncode_RandomOrConstantBytes_Declines()
    {
        var destination = new byte[5000];

        Assert.Equal(0, new HuffmanEncoder().TryEncode(SampleData.Noise(1, 4096), destination));
        Assert.Equal(0, new HuffmanEncoder().TryEncode(new byte[4096], destination));
    }

    [Fact]
    public void Decode_MutatedOrRandomBlock_IsRefusedOrGivesSomeBytes()
    {
        var bytes = Enumerable.Range(0, 4000).Select(i => (byte)(i * i % 23)).ToArray();
        var good = new byte[4096];
        good = good[..new HuffmanEncoder().TryEncode(bytes, good)];
        int refused = 0, decoded = 0;

        var places = Gen.Int[0, good.Length - 1].Array[1, 4];
        Gen.Select(places, Gen.Byte.Array[0, 300], Gen.Int[0, good.Length], Gen.Int[0, 5000])
            .Sample((flips, noise, cut, outputLength) =>
            {
                var mutated = good.ToArray();
                Array.ForEach(flips, place => mutated[place] ^= (byte)(1 + (place % 255)));
                foreach (var block in new[] { mutated, mutated[..cut], noise, [.. good, .. noise] })
                {
                    try
                    {
                        new HuffmanDecoder().Decode(block, new byte[outputLength], ChunkCodec.Planes);
                        Interlocked.Increment(ref decoded);
                    }
                    catch (CorruptChunkException)
                    {
                        Interlocked.Increment(ref refused);
                    }
                }
            });

        Assert.True(refused > 100, $"{refused} blocks were refused and {decoded} decoded.");
    }

    private static bool HasEightLongCodes(byte[] bytes)
    {
        var counts = new int[256];
        var lengths = new byte[256];
        ByteHistogram.Count(bytes, counts);
        HuffmanCode.BuildLengths(counts, lengths);
        return bytes.Chunk(8).Any(eight => eight.Sum(value => lengths[value]) > BitSink.MostBits);
    }
}
