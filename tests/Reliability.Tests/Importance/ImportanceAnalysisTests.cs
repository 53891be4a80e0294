using Continuity.Reliability.Analysis;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Importance;
using Continuity.Reliability.Tests.Graphs;
using CsCheck;

namespace Continuity.Reliability.Tests.Importance;

public sealed class ImportanceAnalysisTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Worth 1e12: taking what the event brings from the whole would leave no digit of what is left.
    [Fact]
    public void ReductionWorth_OfANearlyIndispensableEvent_KeepsItsDigits()
    {
        var graph = new FaultGraphBuilder("nearly")
            .AddEvent("a", 0.3).AddEvent("b", 3e-13)
            .AddGate("top", GateKind.Or, ["a", "b"])
            .Build();

        var found = Run(graph).Single(item => item.Id == "a").RiskReductionWorth;

        Assert.Equal(1, found / ((0.3 + (0.7 * 3e-13)) / 3e-13), 1e-12);
    }

    [Fact]
    public void EveryMeasure_IsWhatTryingAllStatesGives_NegationsIncluded() =>
        RandomGraph.Any.Sample(
            graph =>
            {
                var top = RandomGraph.Solve(graph);
                foreach (var item in top > 0 ? Run(graph) : [])
                {
                    var given = RandomGraph.Solve(With(graph, item.Id, 1));
                    var without = RandomGraph.Solve(With(graph, item.Id, 0));

                    Assert.Equal(given - without, item.Birnbaum, 1e-12);
                    Assert.Equal(given / top, item.RiskAchievementWorth, 1e-9 * given / top);
                    Assert.Equal(without / top, 1 / item.RiskReductionWorth, 1e-9 * without / top);
                }
            },
            iter: 300);

    [Fact]
    public void JointImportance_IsWhatTryingAllStatesGives()
    {
        RandomGraph.Any.Where(graph => graph.Events.Length > 1).Sample(
            graph =>
            {
                var (first, second) = (graph.Events[0].Id, graph.Events[1].Id);
                double At(double p, double q) => RandomGraph.Solve(With(With(graph, first, p), second, q));

                var evaluator = FaultAnalysis.Run(graph, new AnalysisOptions(), Token).Evaluator;

                Assert.Equal(
                    At(1, 1) - At(1, 0) - At(0, 1) + At(0, 0),
                    ImportanceAnalysis.Joint(graph, evaluator, first, second),
                    1e-12);
                Assert.Throws<ArgumentException>(() => ImportanceAnalysis.Joint(graph, evaluator, first, first));
            },
            iter: 200);
    }

    private static IReadOnlyList<EventImportance> Run(FaultGraph graph) =>
        ImportanceAnalysis.Run(graph, FaultAnalysis.Run(graph, new AnalysisOptions(), Token).Evaluator);

    private static FaultGraph With(FaultGraph graph, string id, double probability)
    {
        var builder = new FaultGraphBuilder(graph.Name).SetTop(graph.IdOf(graph.Top));
        foreach (var item in graph.Events)
        {
            builder.AddEvent(item.Id, item.Id == id ? probability : item.Probability);
        }

        foreach (var house in graph.HouseEvents)
        {
            builder.AddHouse(house.Id, house.State);
        }

        foreach (var gate in graph.Gates)
        {
            var arguments = gate.Arguments.Select(graph.IdOf);
            _ = gate.Kind == GateKind.AtLeast
                ? builder.AddAtLeast(gate.Id, gate.Threshold, arguments)
                : builder.AddGate(gate.Id, gate.Kind, arguments);
        }

        return builder.Build();
    }
}
