using System.Diagnostics;
using Continuity.Reliability.Analysis;
using Continuity.Reliability.Bounds;
using Continuity.Reliability.Importance;

namespace Continuity.Reliability.Benchmarks;

/// <summary>What one tree took. A tree that does not fit is bounded instead.</summary>
internal sealed record Measurement(string Name, double ReadSeconds, double SolveSeconds, int PeakNodes, string Result)
{
    public const string Header =
        "tree,read_s,solve_s,importance_s,cut_sets_s,peak_nodes,peak_mib,relative_error,cut_sets,result";

    private double? ImportanceSeconds { get; init; }

    private double? CutSetSeconds { get; init; }

    private double? RelativeError { get; init; }

    private string CutSets { get; init; } = "";

    public static long PeakMebibytes => Process.GetCurrentProcess().PeakWorkingSet64 >> 20;

    // The trees that are known to be too large get the nodes that their floor allows, and bounds after that.
    public static Measurement Of(Tree tree)
    {
        var options = new AnalysisOptions();
        var (graph, read) = Timed(tree.Read);

        // What the trees before left behind is no work of this one.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var clock = Stopwatch.StartNew();
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var analysis = FaultAnalysis.Run(graph, options, limit.Token);
            var solve = clock.Elapsed.TotalSeconds;
            var (_, importance) = Timed(() => ImportanceAnalysis.Run(graph, analysis.Evaluator));
            var (count, counting) = Timed(() => analysis.CountCutSets(options, CancellationToken.None));
            return new Measurement(tree.Name, read, solve, analysis.PeakNodes, $"{analysis.Probability.Lower:R}")
            {
                ImportanceSeconds = importance,
                CutSetSeconds = count is null ? null : counting,
                RelativeError = tree.Probability is { } known
                    ? Math.Abs((analysis.Probability.Lower / known) - 1) : null,
                CutSets = count is null ? "" : $"{count.Total}" == tree.CutSets ? "right" : "WRONG",
            };
        }
        catch (Exception exception) when (exception is ModelTooLargeException or OperationCanceledException)
        {
            var failed = clock.Elapsed.TotalSeconds;
            var (bounds, bounding) = Timed(() => Bound(graph));
            return new Measurement(
                tree.Name, read, bounding, bounds.PeakNodes,
                $"{bounds.Probability.Lower:R} to {bounds.Probability.Upper:R} (no exact value in {failed:0.0} s)");
        }
    }

    public string ToRow() =>
        $"{Name},{ReadSeconds:0.0000},{SolveSeconds:0.0000},{ImportanceSeconds:0.0000},{CutSetSeconds:0.0000},"
        + $"{PeakNodes},{PeakMebibytes},{RelativeError:0.0E+0},{CutSets},{Result}";

    private static BoundResult Bound(Graphs.FaultGraph graph)
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return BoundAnalysis.Run(graph, new BoundOptions(), enough.Token, CancellationToken.None);
    }

    private static (T Value, double Seconds) Timed<T>(Func<T> run)
    {
        var clock = Stopwatch.StartNew();
        var value = run();
        return (value, clock.Elapsed.TotalSeconds);
    }
}
