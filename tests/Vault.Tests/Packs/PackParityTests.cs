using Continuity.Vault.Formats;
using Continuity.Vault.Packs;
using CsCheck;

namespace Continuity.Vault.Tests.Packs;

public sealed class PackParityTests
{
    private const int LostBytes = 1 << 20;

    [Fact]
    public void Make_OfAFullPack_TakesLessThan3Percent()
    {
        var pack = new byte[40 << 20];

        Assert.InRange(PackParity.Make(BlobId.NewRandom(), pack).Length, 1, pack.Length * 3 / 100);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(65_536)]
    [InlineData(500_000)]
    public void Make_OfASmallPack_TakesHardlyMoreThanThePack(int length)
    {
        Assert.InRange(PackParity.Make(BlobId.NewRandom(), new byte[length]).Length, 1, length + 200);
    }

    [Fact]
    public void Mend_OfAMebibyteAnywhere_BringsBackEveryByte()
    {
        var damaged = 0;
        var sizes = Gen.Int[0, 4].Select(i => ((int[])[4096, 1 << 20, (1 << 20) + 4096, 3 << 20, 9 << 20])[i]);

        Gen.Select(sizes, Gen.Int, Gen.Double[0, 1]).Sample(
            (length, seed, where) =>
            {
                var pack = new byte[length];
                new Random(seed).NextBytes(pack);
                var id = BlobId.NewRandom();
                var parity = PackParity.Make(id, pack);
                var broken = pack.ToArray();
                var start = (int)(where * Math.Max(0, length - LostBytes));
                foreach (ref var lost in broken.AsSpan(start, Math.Min(LostBytes, length - start)))
                {
                    lost = (byte)~lost;
                }

                Interlocked.Add(ref damaged, broken.AsSpan().SequenceEqual(pack) ? 0 : 1);

                var mended = PackParity.Mend(id, broken, parity);

                Assert.True(mended > 0);
                Assert.True(broken.AsSpan().SequenceEqual(pack));
            },
            iter: 60, threads: 1);

        Assert.Equal(60, damaged);
    }

    [Fact]
    public void Mend_OfTooMuch_SaysSoAndChangesNothing()
    {
        var pack = new byte[6 << 20];
        new Random(1).NextBytes(pack);
        var id = BlobId.NewRandom();
        var parity = PackParity.Make(id, pack);
        pack.AsSpan(100, 2 << 20).Clear();
        var broken = pack.ToArray();

        Assert.Equal(-1, PackParity.Mend(id, broken, parity));
        Assert.True(broken.AsSpan().SequenceEqual(pack));
    }
}
