using Continuity.Vault.Codecs;
using CsCheck;

namespace Continuity.Vault.Tests.Codecs;

public class PlaneTransformTests
{
    [Theory]
    [InlineData((byte)PlaneLayout.Bytes)]
    [InlineData((byte)PlaneLayout.Words)]
    [InlineData((byte)PlaneLayout.DoubleWords)]
    [InlineData((byte)PlaneLayout.Q4Blocks)]
    public void Merge_SplitNumbers_GivesThemBack(byte layoutNumber)
    {
        var layout = (PlaneLayout)layoutNumber;

        Gen.Select(Gen.Int[0, 400], Gen.Int).Sample((count, seed) =>
        {
            var numbers = SampleData.Noise(seed, count * layout.Width());
            var planes = new byte[numbers.Length];
            var back = new byte[numbers.Length];

            PlaneTransform.Split(layout, numbers, planes);
            PlaneTransform.Merge(layout, planes, back);

            Assert.Equal(numbers, back);
            Assert.True(PlaneTransform.Matches(layout, PlaneSet.Of(layout, planes), numbers));
        });
    }

    [Theory]
    [InlineData((byte)PlaneLayout.Bytes)]
    [InlineData((byte)PlaneLayout.Words)]
    [InlineData((byte)PlaneLayout.DoubleWords)]
    [InlineData((byte)PlaneLayout.Q4Blocks)]
    public void Matches_AnyByteChanged_SaysNo(byte layoutNumber)
    {
        var layout = (PlaneLayout)layoutNumber;
        // Every way of going through numbers is taken: 64 at a time, 32, and what is left.
        var numbers = SampleData.Noise(5, 107 * layout.Width());
        var planes = new byte[numbers.Length];
        PlaneTransform.Split(layout, numbers, planes);

        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] ^= 0x10;
            Assert.False(PlaneTransform.Matches(layout, PlaneSet.Of(layout, planes), numbers), $"byte {i}");
            numbers[i] ^= 0x10;
        }
    }

    [Fact]
    public void Split_Words_PutsExponentsIntoTheLastPlane()
    {
        // 1.0 and -2.0 as brain floats: exponents 127 and 128, mantissa 0, the sign in the lowest bit.
        var planes = new byte[4];

        PlaneTransform.Split(PlaneLayout.Words, [0x80, 0x3F, 0x00, 0xC0], planes);

        Assert.Equal([0, 1, 127, 128], planes);
    }

    [Fact]
    public void Split_VectorsAndRemainder_AgreeWithOneNumberAtATime()
    {
        foreach (var layout in new[] { PlaneLayout.Words, PlaneLayout.DoubleWords })
        {
            const int Count = 3 * 64 + 35;
            var numbers = SampleData.Noise(3, Count * layout.Width());
            var planes = new byte[numbers.Length];
            PlaneTransform.Split(layout, numbers, planes);

            for (var i = 0; i < Count; i++)
            {
                var one = new byte[layout.Width()];
                PlaneTransform.Split(layout, numbers.AsSpan(i * layout.Width(), layout.Width()), one);
                Assert.Equal(one, Enumerable.Range(0, layout.Width()).Select(plane => planes[(plane * Count) + i]));
            }
        }
    }

    [Fact]
    public void Split_LengthsThatDoNotFit_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => PlaneTransform.Split(PlaneLayout.Words, new byte[3], new byte[3]));
        Assert.Throws<ArgumentException>(() => PlaneTransform.Merge(PlaneLayout.Words, new byte[4], new byte[2]));
    }
}
