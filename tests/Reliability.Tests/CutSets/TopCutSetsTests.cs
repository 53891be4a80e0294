using System.Numerics;
using Continuity.Reliability.Analysis;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Tests.Graphs;
using Continuity.Reliability.Tests.OpenPsa;
using CsCheck;

namespace Continuity.Reliability.Tests.CutSets;

public sealed class TopCutSetsTests
{
    private static readonly AnalysisOptions _options = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void AllOfThem_AreWhatTryingAllStatesFinds() =>
        RandomGraph.Coherent.Sample(
            graph =>
            {
                var expected = MinimalStates(graph);

                var analysis = FaultAnalysis.Run(graph, _options, Token);
                var found = analysis.TopCutSets(1000, _options, Token)!;

                Assert.Equal(expected.Count, (int)analysis.CountCutSets(_options, Token)!.Total);
                Assert.Equal(expected.Order(), found.Select(set => StateOf(graph, set.Events)).Order());
                Assert.All(found, set => Assert.Equal(
                    set.Events.Aggregate(1.0, (p, id) => p * graph.Events[graph.IndexOfEvent(id)].Probability),
                    set.Probability,
                    set.Probability * 1e-12));
                var probabilities = found.Select(set => set.Probability).ToList();
                Assert.Equal(probabilities.OrderDescending(), probabilities);
            },
            iter: 500);

    [Fact]
    public void TheFirstOfManyBillions_AreFound()
    {
        var analysis = FaultAnalysis.Run(AraliaTree.Find("das9209").Read(), _options, Token);

        var found = analysis.TopCutSets(100, _options, Token)!;

        Assert.Equal(100, found.Count);
        Assert.Equal(100, found.Select(set => string.Join(' ', set.Events)).Distinct().Count());
        Assert.InRange(found[0].Probability, 1e-30, analysis.Probability.Upper);
    }

    [Fact]
    public void AModelThatNegates_HasNone()
    {
        var graph = new FaultGraphBuilder("not").AddEvent("a", 0.5).AddGate("top", GateKind.Not, ["a"]).Build();

        Assert.Null(FaultAnalysis.Run(graph, _options, Token).TopCutSets(1, _options, Token));
    }

    private static List<int> MinimalStates(FaultGraph graph)
    {
        var failed = Enumerable.Range(0, 1 << graph.Events.Length)
            .Where(state => RandomGraph.IsTrue(graph, state))
            .OrderBy(state => BitOperations.PopCount((uint)state));
        var minimal = new List<int>();
        foreach (var state in failed)
        {
            if (!minimal.Exists(smaller => (state & smaller) == smaller))
            {
                minimal.Add(state);
            }
        }

        return minimal;
    }

    private static int StateOf(FaultGraph graph, IEnumerable<string> events) =>
        events.Aggregate(0, (state, id) => state | 1 << graph.IndexOfEvent(id));
}
