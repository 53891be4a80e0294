using System.Buffers.Binary;
using Continuity.Vault.Codecs;
using Continuity.Vault.Tensors;
using CsCheck;

namespace Continuity.Vault.Tests.Tensors;

public class TensorFileTests
{
    public static TheoryData<string> Formats() => new(SampleFiles.All.Keys);

    [Theory]
    [MemberData(nameof(Formats))]
    public void ReadLayout_EachFormat_FindsTheTensors(string format)
    {
        var (file, regions) = SampleFiles.All[format];

        var layout = TensorFile.ReadLayout(SampleFiles.Reader(file), file.Length);

        Assert.Equal(regions, layout.Regions);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void ReadLayout_MutatedOrCutFile_StaysInsideTheFile(string format)
    {
        var (good, regions) = SampleFiles.All[format];
        int unknown = 0, other = 0;

        Gen.Select(Gen.Int[0, good.Length - 1].Array[1, 5], Gen.Byte, Gen.Int[0, good.Length]).Sample(
            (places, value, cut) =>
            {
                var mutated = good.ToArray();
                Array.ForEach(places, place => mutated[place] = value);
                foreach (var file in new[] { mutated, good[..cut], mutated[..cut] })
                {
                    var layout = TensorFile.ReadLayout(SampleFiles.Reader(file), file.Length);

                    AssertSane(layout, file.Length);
                    unknown += layout.Regions.Count == 0 ? 1 : 0;
                    other += layout.Regions.SequenceEqual(regions) ? 0 : 1;
                }
            },
            threads: 1);

        Assert.True(unknown > 10 && other >= unknown, $"Only {unknown} files were refused.");
    }

    [Fact]
    public void ReadLayout_RandomBytesAfterEachMagic_StaysInsideTheFile()
    {
        byte[][] magics =
        [
            [.. "GGUF"u8, 3, 0, 0, 0],
            [0x93, .. "NUMPY"u8, 1, 0],
            [.. "PK\u0003\u0004"u8],
            [200, 0, 0, 0, 0, 0, 0, 0, (byte)'{'],
        ];

        Gen.Select(Gen.Int[0, magics.Length - 1], Gen.Byte.Array[0, 500]).Sample((magic, noise) =>
        {
            byte[] file = [.. magics[magic], .. noise];

            AssertSane(TensorFile.ReadLayout(SampleFiles.Reader(file), file.Length), file.Length);
        });
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,9999]}}""")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[4],"data_offsets":[-8,8]}}""")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[4],"data_offsets":[8,0]}}""")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,9223372036854775807]}}""")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[4],"data_offsets":[0]}}""")]
    [InlineData("""{"a":{"dtype":"BF16","data_offsets":[0,8]},"b":{"dtype":"F32","data_offsets":[4,12]}}""")]
    [InlineData("""{"a":{"dtype":"BF16","data_offsets":"0"}}""")]
    [InlineData("""{"a":{"dtype":""")]
    [InlineData("""[1,2,3]""")]
    public void ReadLayout_SafetensorsHeaderThatLies_IsUnknown(string json)
    {
        var (file, _) = SampleFiles.Safetensors(json, dataBytes: 64);

        Assert.Same(TensorLayout.Unknown, TensorFile.ReadLayout(SampleFiles.Reader(file), file.Length));
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 40)]
    [InlineData(50_000_000UL)]
    public void ReadLayout_SafetensorsHeaderLongerThanTheFile_AllocatesNothingForIt(ulong length)
    {
        var file = new byte[4096];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        file[8] = (byte)'{';
        var reader = SampleFiles.Reader(file);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Same(TensorLayout.Unknown, TensorFile.ReadLayout(reader, file.Length));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 18);
    }

    [Fact]
    public void ReadLayout_FileShorterThanItsLength_IsUnknown()
    {
        var (file, _) = SampleFiles.All["safetensors"];

        var layout = TensorFile.ReadLayout(SampleFiles.Reader(file[..100]), file.Length);

        Assert.Same(TensorLayout.Unknown, layout);
    }

    [Fact]
    public void ReadLayout_GgufWithHugeCounts_EndsAtOnce()
    {
        byte[] file = [.. "GGUF"u8, 3, 0, 0, 0, .. Enumerable.Repeat((byte)0xFF, 16), .. new byte[100]];

        Assert.Same(TensorLayout.Unknown, TensorFile.ReadLayout(SampleFiles.Reader(file), file.Length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(2000)]
    public void ReadLayout_OtherFiles_AreUnknown(int length)
    {
        var file = Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray();

        Assert.Same(TensorLayout.Unknown, TensorFile.ReadLayout(SampleFiles.Reader(file), file.Length));
    }

    private static void AssertSane(TensorLayout layout, long fileLength)
    {
        long end = 0;
        foreach (var region in layout.Regions)
        {
            Assert.True(region.Offset >= end && region.Length > 0);
            end = region.Offset + region.Length;
            Assert.NotEqual(ElementKind.Unknown, region.Kind);
        }

        Assert.InRange(end, 0, fileLength);
    }
}
