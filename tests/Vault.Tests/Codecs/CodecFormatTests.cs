using System.Text;
using Continuity.Vault.Codecs;

namespace Continuity.Vault.Tests.Codecs;

/// <summary>Payloads written by hand after <c>docs/codecs.md</c>: what is in old repositories decodes.</summary>
public sealed class CodecFormatTests : IDisposable
{
    private const string Empty4 = "00 00 00 00";

    private readonly ChunkDecoder _decoder = new();

    public void Dispose() => _decoder.Dispose();

    [Fact]
    public void Raw_IsTheBytes() => AssertDecodes("01 02 03", ChunkCodec.Raw, "01 02 03");

    [Fact]
    public void Planes_OfWords_AreRotatedBack()
        => AssertDecodes("80 3F 80 3F", ChunkCodec.Planes, "02 00", "01 00", "01 7F");

    [Fact]
    public void Planes_WithPhaseAndTail_PutBothAround()
        => AssertDecodes("AA 80 3F 80 3F BB", ChunkCodec.Planes, "02 01 AA BB", "01 00", "01 7F");

    [Fact]
    public void Planes_OfDoubleWords_AreRotatedBack()
        => AssertDecodes(
            "00 00 80 3F 04 03 82 BF", ChunkCodec.Planes, "04 00", "00 00 09", "00 00 06", "00 00 04", "01 7F");

    [Fact]
    public void Planes_OfQ4Blocks_AreInterleavedBack()
        => AssertDecodes(
            "0A 0B 11 11 11 11 11 11 11 11 11 11 11 11 11 11 11 11", ChunkCodec.Planes,
            "12 00", "01 0A", "01 0B", "01 11");

    [Fact]
    public void Huffman_CanonicalCode_IsReadFromTheLowestBit()
    {
        // a 0, b 10, c 110, d 111; the quarters are ab, cd, ab, ca.
        var abcdabca = Convert.ToHexString(Encoding.ASCII.GetBytes("abcdabca"));

        AssertDecodes(
            abcdabca, ChunkCodec.Planes,
            "01 00", "02 14 00 00 00", "61 64 21 33", "01 00 00 00 01 00 00 00 01 00 00 00", "02 3B 02 03");
    }

    [Fact]
    public void Segments_FollowTheirTable()
        => AssertDecodes(
            "01 02 80 3F", ChunkCodec.Segments,
            "02 00", "00 02 00 00 00 02 00 00 00", "02 02 00 00 00 06 00 00 00", "01 02", "02 00 01 00 01 7F");

    [Fact]
    public void Delta_Dense_AddsTheSymbolOfTheContext()
        => AssertDecodesOver(
            "80 3F 80 3F 00 00", "81 3F 81 3F 00 00",
            "01 00", Empty4, "07 7F", Empty4, "01 02 00 00 00 00 00 00 00 00", "01 00", Empty4, Empty4, Empty4);

    [Fact]
    public void Delta_Sparse_ChangesWhatTheGapsLeadTo()
        => AssertDecodesOver(
            "FF 01 00 02 00 03 00 04 00", "01 00 02 00 05 00 04 00",
            "02 00", "01 00 00 00", Empty4, "01 00 00 00 01 00 00 00", "01 02", "01 04");

    [Fact]
    public void Delta_Escape_TakesTheNewValue()
        => AssertDecodesOver(
            "01 00 02 00 03 00 04 00", "34 12 02 00 03 00 04 00",
            "02 00", Empty4, "01 00 00 00 34 12", "01 00 00 00 01 00 00 00", "01 00", "01 FF");

    [Fact]
    public void Delta_Wide_AddsTheDifferences()
        => AssertDecodesOver(
            "0A 00 00 00", "0B 00 00 00", "03 00", Empty4, "01 04", "01 00", "01 00", "01 00");

    private void AssertDecodes(string raw, ChunkCodec codec, params string[] payload)
        => AssertDecodes(raw, codec, "", payload);

    private void AssertDecodesOver(string basis, string raw, params string[] payload)
        => AssertDecodes(raw, ChunkCodec.Delta, basis, payload);

    private void AssertDecodes(string raw, ChunkCodec codec, string basis, string[] payload)
    {
        var expected = Bytes(raw);
        var actual = new byte[expected.Length];

        _decoder.Decode(codec, Bytes(string.Concat(payload)), Bytes(basis), actual);

        Assert.Equal(expected, actual);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
