using Continuity.Vault.Codecs;
using Continuity.Vault.Tensors;
using CsCheck;

namespace Continuity.Vault.Tests.Tensors;

public class TensorLayoutTests
{
    [Fact]
    public void TryCreate_NeighboursOfOneKind_AreJoined()
    {
        var layout = TensorLayout.TryCreate(
            [
                new TensorRegion(300, 100, ElementKind.BFloat16),
                new TensorRegion(100, 200, ElementKind.BFloat16),
                new TensorRegion(400, 40, ElementKind.Float32),
            ],
            fileLength: 500);

        Assert.Equal(
            [new TensorRegion(100, 300, ElementKind.BFloat16), new TensorRegion(400, 40, ElementKind.Float32)],
            layout!.Regions); // Not null: the stretches are in order.
    }

    [Fact]
    public void TryCreate_OddLengthBefore_KeepsTheAlignmentsApart()
    {
        var layout = TensorLayout.TryCreate(
            [new TensorRegion(0, 3, ElementKind.BFloat16), new TensorRegion(3, 8, ElementKind.BFloat16)], 11);

        Assert.Equal(2, layout!.Regions.Count); // Not null: the stretches are in order.
    }

    [Fact]
    public void Describe_AnyChunk_TellsKindAndPhaseOfEachByteInARegion()
    {
        var described = 0;
        var lengths = Gen.Int[1, 60].Array[2, 12];

        Gen.Select(lengths, Gen.Int[0, 300], Gen.Int[1, 200]).Sample((parts, start, length) =>
        {
            // Every second part is a gap.
            var regions = new List<TensorRegion>();
            long end = 0;
            for (var i = 0; i < parts.Length; end += parts[i++])
            {
                regions.Add(new TensorRegion(end, parts[i], (i % 2) == 0 ? (ElementKind)(2 + (i % 3)) : default));
            }

            var layout = TensorLayout.TryCreate(regions, end);
            var found = new ChunkRegion[20];
            var count = layout!.Describe(start, length, found); // Not null: the stretches are in order.

            var bytes = 0;
            foreach (var region in found.AsSpan(0, count))
            {
                var origin = layout.Regions.Single(x =>
                    x.Offset <= start + region.Offset && start + region.Offset < x.Offset + x.Length);
                Assert.Equal(origin.Kind, region.Kind);
                Assert.True(start + region.Offset + region.Length <= origin.Offset + origin.Length);
                var firstWhole = start + region.Offset + region.Phase - origin.Offset;
                Assert.Equal(0, firstWhole % TensorLayout.WidthOf(origin.Kind));
                bytes += region.Length;
            }

            var expected = layout.Regions.Sum(x =>
                Math.Max(0, Math.Min(x.Offset + x.Length, start + length) - Math.Max(x.Offset, start)));
            Assert.Equal(expected, bytes);
            Interlocked.Add(ref described, count);
        });

        Assert.True(described > 50, $"Only {described} stretches were described.");
    }

    [Fact]
    public void Describe_TooLittleRoom_GivesTheFirstStretches()
    {
        var regions = Enumerable.Range(0, 10).Select(i => new TensorRegion(i * 10, 8, ElementKind.BFloat16));
        var layout = TensorLayout.TryCreate(regions, 100);

        Assert.Equal(3, layout!.Describe(0, 100, new ChunkRegion[3])); // Not null: the stretches are in order.
    }
}
