using System.Diagnostics;
using Continuity.Reliability.Analysis;
using Continuity.Reliability.Bounds;
using Continuity.Reliability.CutSets;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Importance;

namespace Continuity.Cli.Reliability;

/// <summary>Answers a request within its time: exactly, or by bounds.</summary>
internal sealed class Solver
{
    // What is left of the time is for bounds, which get closer the longer they take.
    private const double ExactShare = 0.5;

    private readonly SolveRequest _request;
    private readonly AnalysisOptions _options = new();
    private readonly List<string> _shortfalls = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly CancellationToken _interrupted;
    private readonly CancellationToken _deadline;

    private Solver(SolveRequest request, CancellationToken interrupted, CancellationToken deadline) =>
        (_request, _interrupted, _deadline) = (request, interrupted, deadline);

    /// <exception cref="OperationCanceledException">The user interrupted; a timeout ends in a solution.</exception>
    public static Solution Solve(
        Func<CancellationToken, FaultGraph> read, SolveRequest request, CancellationToken interrupted)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        if (request.Timeout is { } timeout)
        {
            deadline.CancelAfter(timeout);
        }

        return new Solver(request, interrupted, deadline.Token).Run(read);
    }

    private Solution Run(Func<CancellationToken, FaultGraph> read)
    {
        var graph = read(_interrupted);
        var analysis = AnalyseExactly(graph);
        var bounds = analysis is null ? BoundAnalysis.Run(graph, new BoundOptions(), _deadline, _interrupted) : null;
        IReadOnlyList<EventImportance>? importance = null;
        CutSetCount? cutSets = null;
        IReadOnlyList<CutSet>? top = null;
        if (analysis is not null)
        {
            importance = _request.Importance ? ImportanceAnalysis.Run(graph, analysis.Evaluator) : null;
            cutSets = _request.CutSets
                ? AskCutSets("The number of minimal cut sets", () => analysis.CountCutSets(_options, _deadline))
                : null;
            top = _request.TopCutSets > 0
                ? AskCutSets(
                    "The list of minimal cut sets",
                    () => analysis.TopCutSets(_request.TopCutSets, _options, _deadline))
                : null;
        }

        return new Solution(
            graph,
            analysis?.Probability ?? bounds!.Probability,  // one of the two is there
            Stopwatch.GetElapsedTime(_started).TotalSeconds,
            analysis?.PeakNodes ?? bounds!.PeakNodes)
        {
            Request = _request, Importance = importance, CutSets = cutSets, TopCutSets = top, Shortfalls = _shortfalls,
        };
    }

    private FaultAnalysis? AnalyseExactly(FaultGraph graph)
    {
        using var share = CancellationTokenSource.CreateLinkedTokenSource(_deadline);
        if (_request.Timeout is { } timeout)
        {
            var left = timeout - Stopwatch.GetElapsedTime(_started);
            share.CancelAfter(left > TimeSpan.Zero ? left * ExactShare : TimeSpan.Zero);
        }

        return Attempt("The exact probability", () => FaultAnalysis.Run(graph, _options, share.Token));
    }

    private T? AskCutSets<T>(string what, Func<T?> ask)
        where T : class
    {
        var before = _shortfalls.Count;
        var answer = Attempt(what, ask);
        if (answer is null && _shortfalls.Count == before)
        {
            _shortfalls.Add("Not coherent (it negates): what the minimal cut sets are, authors differ on.");
        }

        return answer;
    }

    private T? Attempt<T>(string what, Func<T?> run)
        where T : class
    {
        try
        {
            return run();
        }
        catch (OperationCanceledException) when (!_interrupted.IsCancellationRequested)
        {
            _shortfalls.Add($"{what} is not known: the time was up.");
        }
        catch (ModelTooLargeException exception)
        {
            _shortfalls.Add($"{what} is not known: {exception.Message}");
        }

        return null;
    }
}
