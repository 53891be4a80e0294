using Continuity.Reliability.Analysis;
using Continuity.Reliability.Bounds;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Tests.Graphs;
using Continuity.Reliability.Tests.OpenPsa;
using CsCheck;

namespace Continuity.Reliability.Tests.Bounds;

public sealed class BoundAnalysisTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2, 1 << 20)]
    [InlineData(6, 1 << 20)]
    [InlineData(1 << 16, 30)]
    [InlineData(4, 12)]
    [InlineData(4, 5)]
    public void Bounds_HoldTheAnswer_HoweverLittleIsAllowed(int functionNodes, int nodes) =>
        RandomGraph.Any.Sample(
            graph =>
            {
                var expected = RandomGraph.Solve(graph);
                var options = new BoundOptions { MaxFunctionNodes = functionNodes, MaxNodes = nodes };

                var bounds = BoundAnalysis.Run(graph, options, CancellationToken.None, Token).Probability;

                Assert.InRange(bounds.Lower, 0, expected * (1 + 1e-12));
                Assert.InRange(bounds.Upper, expected * (1 - 1e-12), 1);
            },
            iter: 300);

    [Fact]
    public void Bounds_OfALargeTreeWithAKnownAnswer_AreClose()
    {
        var tree = AraliaTree.Find("cea9601");
        var options = new BoundOptions { MaxFunctionNodes = 1 << 11 };

        var bounds = BoundAnalysis.Run(tree.Read(), options, CancellationToken.None, Token).Probability;

        Assert.False(bounds.IsExact);
        Assert.InRange(tree.Probability!.Value, bounds.Lower, bounds.Upper);
        Assert.InRange(bounds.Upper - bounds.Lower, 0, 0.5);
    }

    [Fact]
    public void Enough_EndsWithWhatIsKnown_AndCancellationWithAnException()
    {
        var graph = new FaultGraphBuilder("one").AddEvent("a", 0.5).AddGate("top", GateKind.Or, ["a"]).Build();
        using var ended = new CancellationTokenSource();
        ended.Cancel();

        var bounds = BoundAnalysis.Run(graph, new BoundOptions(), ended.Token, Token).Probability;

        Assert.Equal(new ProbabilityBounds(0, 1), bounds);
        Assert.ThrowsAny<OperationCanceledException>(
            () => BoundAnalysis.Run(graph, new BoundOptions(), CancellationToken.None, ended.Token));
    }
}
