using Continuity.Reliability.Analysis;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Tests.Analysis;

public sealed class FaultAnalysisTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Series_OfTheSourceDocument_Is0941094()
    {
        var graph = new FaultGraphBuilder("series")
            .AddEvent("a", 0.01).AddEvent("b", 0.02).AddEvent("c", 0.03)
            .AddGate("failed", GateKind.Or, ["a", "b", "c"])
            .Build();

        var analysis = FaultAnalysis.Run(graph, new AnalysisOptions(), Token);

        Assert.Equal(0.941094, 1 - analysis.Probability.Lower, 1e-15);
        Assert.True(analysis.Probability.IsExact);
    }

    [Fact]
    public void Evaluator_TakesOtherProbabilities()
    {
        var graph = new FaultGraphBuilder("vote")
            .AddEvent("a", 0.1).AddEvent("b", 0.1).AddEvent("c", 0.1)
            .AddAtLeast("failed", 2, ["a", "b", "c"])
            .Build();
        var evaluator = FaultAnalysis.Run(graph, new AnalysisOptions(), Token).Evaluator!;
        var samples = Enumerable.Range(0, 3 * 11).Select(i => i / 40.0).ToArray();
        var results = new double[11];

        evaluator.EvaluateMany(samples, results);

        for (var s = 0; s < results.Length; s++)
        {
            var (a, b, c) = (samples[s], samples[11 + s], samples[22 + s]);
            Assert.Equal(a * b + a * c + b * c - 2 * a * b * c, results[s], 1e-15);
            Assert.Equal(results[s], evaluator.Evaluate([a, b, c]));
        }
    }

    [Fact]
    public void AContradiction_LeavesItsNeighboursAlone()
    {
        var builder = new FaultGraphBuilder("contradiction");
        foreach (var id in (string[])["a", "b", "c", "d", "e"])
        {
            builder.AddEvent(id, 0.5);
        }

        var graph = builder
            .AddGate("top", GateKind.Or, ["never", "both"])
            .AddGate("never", GateKind.And, ["inner", "spared", "c"])
            .AddGate("inner", GateKind.And, ["a", "b"])
            .AddGate("spared", GateKind.Not, ["a"])
            .AddGate("both", GateKind.And, ["d", "e"])
            .Build();

        Assert.Equal(0.25, FaultAnalysis.Run(graph, new AnalysisOptions(), Token).Probability.Lower);
    }

    [Fact]
    public void Budget_TooSmall_EndsWithTheReason()
    {
        var builder = new FaultGraphBuilder("shared");
        for (var i = 0; i < 24; i++)
        {
            builder.AddEvent($"e{i}", 0.1);
        }

        // Pairs that are far apart in every order: the diagram must remember half of the events.
        builder.AddGate("top", GateKind.Or, Enumerable.Range(0, 24).Select(i => $"g{i}"));
        for (var i = 0; i < 24; i++)
        {
            builder.AddGate($"g{i}", GateKind.And, [$"e{i}", $"e{(i * 7 + 5) % 24}", $"e{(i * 11 + 13) % 24}"]);
        }

        var options = new AnalysisOptions { MaxNodes = 40 };

        Assert.Throws<ModelTooLargeException>(() => FaultAnalysis.Run(builder.Build(), options, Token));
    }
}
