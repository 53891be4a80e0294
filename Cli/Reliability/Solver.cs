using System.Diagnostics;
using Continuity.Reliability.Analysis;
using Continuity.Reliability.CutSets;
using Continuity.Reliability.Graphs;
using Continuity.Reliability.Importance;

namespace Continuity.Cli.Reliability;

/// <summary>Answers a request within its time: exactly, or by bounds.</summary>
internal sealed class Solver
{
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
        var analysis = Attempt("The exact probability", () => FaultAnalysis.Run(graph, _options, _deadline));
        IReadOnlyList<EventImportance>? importance = null;
        CutSetCount? cutSets = null;
        if (analysis is not null)
        {
            importance = _request.Importance ? ImportanceAnalysis.Run(graph, analysis.Evaluator) : null;
            cutSets = _request.CutSets ? CountCutSets(analysis) : null;
        }

        return new Solution(
            graph,
            analysis?.Probability ?? new ProbabilityBounds(0, 1),
            Stopwatch.GetElapsedTime(_started).TotalSeconds,
            analysis?.PeakNodes ?? 0)
        {
            Request = _request, Importance = importance, CutSets = cutSets, Shortfalls = _shortfalls,
        };
    }

    private CutSetCount? CountCutSets(FaultAnalysis analysis)
    {
        var before = _shortfalls.Count;
        var count = Attempt("The number of minimal cut sets", () => analysis.CountCutSets(_options, _deadline));
        if (count is null && _shortfalls.Count == before)
        {
            _shortfalls.Add("Not coherent (it negates): what the minimal cut sets are, authors differ on.");
        }

        return count;
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
