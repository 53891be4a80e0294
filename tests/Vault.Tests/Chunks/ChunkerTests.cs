using System.Text;
using Continuity.Vault.Chunks;
using CsCheck;

namespace Continuity.Vault.Tests.Chunks;

public class ChunkerTests
{
    private static readonly ChunkerParameters Small = new(256, 1024, 4096);

    // Text-like, random, constant and periodic stretches: cuts by content, by maximum, and none at all.
    private static readonly Gen<byte[]> Stretch = Gen.OneOf(
        Gen.Byte.Array[1, 3000],
        Gen.Byte[97, 110].Array[1, 6000],
        Gen.Select(Gen.Byte, Gen.Int[1, 9000], (value, length) => Enumerable.Repeat(value, length).ToArray()),
        Gen.Select(
            Gen.Byte.Array[2, 40],
            Gen.Int[1, 200],
            (period, count) => Enumerable.Repeat(period, count).SelectMany(x => x).ToArray()));

    private static readonly Gen<byte[]> Stream =
        Stretch.Array[1, 12].Select(parts => parts.SelectMany(x => x).ToArray());

    private static readonly Gen<GearTable> Table =
        Gen.Byte.Array[GearTable.KeyBytes].Select(key => GearTable.Derive(key));

    public static TheoryData<string> SupportedPaths()
        => new(Enum.GetValues<GearScanPath>().Where(GearScan.IsSupported).Select(path => path.ToString()));

    [Theory]
    [MemberData(nameof(SupportedPaths))]
    public void FindCut_EveryPath_CutsWhereTheScalarPathCuts(string name)
    {
        var path = Enum.Parse<GearScanPath>(name);
        long cutsByContent = 0;

        Gen.Select(Stream, Table).Sample((data, table) =>
        {
            var expected = Cuts(new Chunker(Small, table, GearScanPath.Scalar), data);
            var actual = Cuts(new Chunker(Small, table, path), data);

            Assert.Equal(expected, actual);
            Interlocked.Add(ref cutsByContent, expected.SkipLast(1).Count(length => length < Small.MaximumBytes));
        });

        Assert.True(cutsByContent > 500, $"Only {cutsByContent} cuts followed the content: the property is empty.");
    }

    [Fact]
    public void FindCut_StreamInPieces_CutsAsInOneCall()
    {
        Gen.Select(Stream, Table, Gen.Int[1, 700].Array[1, 20]).Sample((data, table, steps) =>
        {
            var whole = Cuts(new Chunker(Small, table), data);
            var pieces = CutsInPieces(new Chunker(Small, table), data, steps);

            Assert.Equal(whole, pieces);
        });
    }

    [Fact]
    public void FindCut_AnyStream_KeepsTheSizesAndCoversEveryByte()
    {
        Gen.Select(Stream, Table).Sample((data, table) =>
        {
            var cuts = Cuts(new Chunker(Small, table), data);

            Assert.Equal(data.Length, cuts.Sum());
            Assert.All(cuts.SkipLast(1), length => Assert.InRange(length, Small.MinimumBytes, Small.MaximumBytes));
            Assert.InRange(cuts[^1], 1, Small.MaximumBytes);
        });
    }

    [Fact]
    public void FindCut_BytesInsertedAtTheStart_KeepsNearlyAllChunks()
    {
        var data = RandomBytes(seed: 1, 4 << 20);
        var table = TableOf(3);

        var before = Chunks(new Chunker(Small, table), data);
        var after = Chunks(new Chunker(Small, table), [.. RandomBytes(seed: 2, 777), .. data]);

        Assert.InRange(after.Except(before).Count(), 1, 12);
    }

    [Fact]
    public void FindCut_LargeFileSizes_HaveTheTargetAsMeanAndSeldomTheMaximum()
    {
        var data = RandomBytes(seed: 4, 96 << 20);
        var sizes = ChunkerParameters.LargeFiles;

        var cuts = Cuts(new Chunker(sizes, TableOf(5)), data);

        Assert.InRange(data.Length / cuts.Count, sizes.TargetBytes * 85 / 100, sizes.TargetBytes * 115 / 100);
        Assert.InRange(cuts.Count(length => length == sizes.MaximumBytes), 0, cuts.Count / 10);
    }

    [Fact]
    public void FindCut_OtherKey_CutsElsewhere()
    {
        var data = RandomBytes(seed: 6, 1 << 20);

        var one = Ends(Cuts(new Chunker(Small, TableOf(1)), data));
        var other = Ends(Cuts(new Chunker(Small, TableOf(2)), data));

        Assert.InRange(one.Intersect(other).Count(), 0, one.Count / 10);
    }

    [Fact]
    public void FindCut_EveryPositionIsACandidate_GivesUpAfterTheLimitAndCutsAtTheMaximum()
    {
        // A run of one value has one hash, -T(value): zero in the masked bits for some key and value.
        var sizes = new ChunkerParameters(64 << 10, 576 << 10, 2 << 20);
        var (table, value) = Enumerable.Range(0, 4096)
            .Select(seed => TableOf(seed))
            .SelectMany(table => Enumerable.Range(0, 256).Select(value => (Table: table, Value: (byte)value)))
            .First(x => IsCandidateEverywhere(sizes, x.Table, x.Value) && IsRefused(sizes, x.Table, x.Value));
        var data = new byte[5 * sizes.MaximumBytes];
        Array.Fill(data, value);

        var cuts = Cuts(new Chunker(sizes, table), data);

        Assert.All(cuts, length => Assert.Equal(sizes.MaximumBytes, length));
    }

    [Fact]
    public void FindCut_NothingLeft_ReturnsZero()
    {
        var chunker = new Chunker(Small, TableOf(1));

        Assert.Equal(0, chunker.FindCut([], endOfStream: true));
        Assert.Equal(0, chunker.FindCut(new byte[10], endOfStream: false));
        Assert.Equal(10, chunker.FindCut(new byte[10], endOfStream: true));
    }

    [Fact]
    public void FindCut_ManyChunks_AllocatesNothing()
    {
        var data = RandomBytes(seed: 8, 4 << 20);
        var chunker = new Chunker(Small, TableOf(9));
        Assert.True(Count(chunker, data) > 1000);

        // A collection that another test sets off has the rest of this thread's allocation buffer count as taken.
        Assert.InRange(Enumerable.Range(0, 5).Min(_ => AllocatedByCounting()), 0, 512);

        long AllocatedByCounting()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Count(chunker, data);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Derive_SameKey_GivesTheSameCutsForEver()
    {
        var data = Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, 3000)));
        var key = Enumerable.Range(0, GearTable.KeyBytes).Select(i => (byte)i).ToArray();

        var cuts = Cuts(new Chunker(Small, GearTable.Derive(key)), data);

        // Cut points are format: a repository's old chunks would no longer be found if these numbers changed.
        Assert.Equal(ExpectedCuts, cuts);
    }

    [Theory]
    [InlineData(63, 1024, 4096)]
    [InlineData(256, 300, 4096)]
    [InlineData(256, 1024, 1024)]
    [InlineData(256, 1024, (64 << 20) + 1)]
    public void Parameters_OutOfOrder_AreRefused(int minimum, int target, int maximum)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new ChunkerParameters(minimum, target, maximum));

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Derive_KeyOfAnotherLength_IsRefused(int length)
        => Assert.Throws<ArgumentException>(() => GearTable.Derive(new byte[length]));

    private static readonly int[] ExpectedCuts =
    [
        352, 1035, 419, 1107, 301, 1149, 1081, 919, 1150, 963, 493, 1124, 660, 1307, 941, 888,
    ];

    private static bool IsCandidateEverywhere(ChunkerParameters sizes, GearTable table, byte value)
        => (ushort)(table.Words[value] * 0xFFFF) >> (GearTable.HashBits - sizes.FilterBits) == 0;

    private static bool IsRefused(ChunkerParameters sizes, GearTable table, byte value)
    {
        var window = new byte[GearTable.ConfirmWindowBytes];
        Array.Fill(window, value);
        return (table.Confirm(window) & ((1UL << sizes.LateConfirmBits) - 1)) != 0;
    }

    private static List<int> Cuts(Chunker chunker, byte[] data)
    {
        var cuts = new List<int>();
        for (var position = 0; position < data.Length; position += cuts[^1])
        {
            cuts.Add(chunker.FindCut(data.AsSpan(position), endOfStream: true));
        }

        return cuts;
    }

    private static List<int> CutsInPieces(Chunker chunker, byte[] data, int[] steps)
    {
        var cuts = new List<int>();
        int start = 0, end = 0, step = 0;
        while (start < data.Length)
        {
            var cut = chunker.FindCut(data.AsSpan(start, end - start), endOfStream: end == data.Length);
            if (cut > 0)
            {
                cuts.Add(cut);
                start += cut;
            }
            else
            {
                end = Math.Min(data.Length, end + steps[step++ % steps.Length]);
            }
        }

        return cuts;
    }

    private static int Count(Chunker chunker, byte[] data)
    {
        var count = 0;
        for (var position = 0; position < data.Length; count++)
        {
            position += chunker.FindCut(data.AsSpan(position), endOfStream: true);
        }

        return count;
    }

    private static List<int> Ends(List<int> lengths)
    {
        var end = 0;
        return lengths.ConvertAll(length => end += length);
    }

    private static List<string> Chunks(Chunker chunker, byte[] data)
    {
        var start = 0;
        return Cuts(chunker, data).ConvertAll(length =>
        {
            start += length;
            return Convert.ToBase64String(data, start - length, length);
        });
    }

    private static GearTable TableOf(int seed) => GearTable.Derive(RandomBytes(seed, GearTable.KeyBytes));

    private static byte[] RandomBytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
