using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Snapshots;
using CsCheck;

namespace Continuity.Vault.Tests.Formats;

/// <summary>Extents with checks: their bytes, and what is no such extent.</summary>
public sealed class ExtentTests
{
    private static readonly ChunkId Id = new(1, 2, 3, 4);

    [Theory]
    [InlineData("B3F82D44B8CFC8874F039067C2BA2898", "61206368756E6B")] // By another implementation of RFC 8439.
    [InlineData("10324F800A160BD9A1794255BE7EC29D", "")]
    public void Check_IsTheTagOfAssociatedDataAlone(string expected, string raw)
    {
        var key = Enumerable.Range(0, KeyRing.KeyBytes).Select(i => (byte)i).ToArray();
        using var checker = new ChunkChecker(key);
        var written = new byte[ChunkCheck.Length];

        checker.Compute(Convert.FromHexString(raw)).WriteTo(written);

        Assert.Equal(expected, Convert.ToHexString(written));
    }

    [Fact]
    public void CheckKey_IsTheRepositorysOwnAndNoOtherKey()
    {
        var key = new byte[KeyRing.KeyBytes];
        var one = KeyRing.FromRepositoryKey(BlobId.NewRandom(), key);
        var two = KeyRing.FromRepositoryKey(BlobId.NewRandom(), key);

        Assert.NotEqual(one.ChunkCheckKey, two.ChunkCheckKey);
        Assert.NotEqual(one.ChunkCheckKey, one.ChunkIdKey);
        Assert.NotEqual(one.ChunkCheckKey, one.GearKey);
    }

    [Fact]
    public void Extent_WithACheck_IsKind3AndRoundTrips() =>
        Gen.Select(Gen.Int[1, FormatLimits.ChunkBytes], Gen.ULong, Gen.ULong).Sample((length, first, second) =>
        {
            var extent = Extent.Whole(Id, length, new ChunkCheck(first, second));
            var bytes = Bytes(extent);
            var reader = new FormatReader(bytes, "manifest");

            var read = Extent.Read(ref reader);

            Assert.Equal(extent, read);
            Assert.True(reader.AtEnd);
            Assert.Equal(3, bytes[0]);
            Assert.True(read.IsSameContent(Extent.Whole(Id, length)));
            Assert.False(read.IsSameContent(Extent.Whole(new ChunkId(1, 2, 3, 5), length)));
        });

    [Fact]
    public void Extent_WithACheckCutShortAnywhereOrTooLong_IsRefused()
    {
        var whole = Bytes(Extent.Whole(Id, 100_000, new ChunkCheck(5, 6)));
        byte[] huge = [.. whole[..33], 0xff, 0xff, 0xff, 0x7f, .. new byte[ChunkCheck.Length]];

        Assert.All(
            Enumerable.Range(0, whole.Length).Select(length => whole[..length]).Append(huge),
            bytes => Assert.Throws<CorruptBlobException>(() =>
            {
                var reader = new FormatReader(bytes, "manifest");
                Extent.Read(ref reader);
            }));
    }

    [Fact]
    public void Check_HasNoTextForm() =>
        Assert.DoesNotContain("123456789", Extent.Whole(Id, 1, new ChunkCheck(123456789, 123456789)).ToString());

    private static byte[] Bytes(Extent extent)
    {
        var writer = new FormatWriter();
        extent.WriteTo(writer);
        return writer.Span.ToArray();
    }
}
