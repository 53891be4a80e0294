using Continuity.Reliability.CutSets;
using Continuity.Reliability.Decisions;
using Continuity.Reliability.Evaluation;
using Continuity.Reliability.Graphs;

namespace Continuity.Reliability.Analysis;

/// <summary>The analysis of one model: built once, asked many things.</summary>
/// <remarks>Safe for use by many threads.</remarks>
public sealed class FaultAnalysis
{
    private readonly CompiledModel _model;

    private FaultAnalysis(FaultGraph graph, CompiledModel model)
    {
        (Graph, _model) = (graph, model);
        Evaluator = model.ToEvaluator();
        Probability = ProbabilityBounds.Exactly(Evaluator.Evaluate(graph.Probabilities()));
    }

    /// <summary>The model.</summary>
    public FaultGraph Graph { get; }

    /// <summary>The probability that the top is true.</summary>
    public ProbabilityBounds Probability { get; }

    /// <summary>The exact model as arithmetic, for other event probabilities.</summary>
    public ProbabilityEvaluator Evaluator { get; }

    /// <summary>The largest number of decision-diagram nodes that the analysis held.</summary>
    public int PeakNodes => _model.Peak;

    /// <summary>Analyses a model.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="options">What it may cost.</param>
    /// <param name="cancellationToken">Ends the analysis with an exception, within milliseconds.</param>
    /// <exception cref="ModelTooLargeException">No order of its variables fits the node budget.</exception>
    public static FaultAnalysis Run(FaultGraph graph, AnalysisOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxNodes, 2);
        var model = CompiledModel.Compile(graph, options, cancellationToken)
            ?? throw new ModelTooLargeException(options.MaxNodes);
        return new FaultAnalysis(graph, model);
    }

    /// <summary>
    /// How many minimal cut sets the model has, exactly, in total and by order, without listing them.
    /// </summary>
    /// <param name="options">What it may cost.</param>
    /// <param name="cancellationToken">Ends the count with an exception, within milliseconds.</param>
    /// <returns>Null for a model that is not coherent: what its minimal cut sets are, authors differ on.</returns>
    /// <exception cref="ModelTooLargeException">The families of sets do not fit the node budget.</exception>
    public CutSetCount? CountCutSets(AnalysisOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Coherence.IsCoherent(Graph) ? CutSetCounter.Count(_model, options, cancellationToken) : null;
    }

    /// <summary>The most probable minimal cut sets, most probable first, without listing all.</summary>
    /// <param name="count">How many, at most.</param>
    /// <param name="options">What it may cost.</param>
    /// <param name="cancellationToken">Ends the search with an exception, within milliseconds.</param>
    /// <returns>Null for a model that is not coherent: what its minimal cut sets are, authors differ on.</returns>
    /// <exception cref="ModelTooLargeException">The families of sets do not fit the node budget.</exception>
    public IReadOnlyList<CutSet>? TopCutSets(int count, AnalysisOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!Coherence.IsCoherent(Graph))
        {
            return null;
        }

        try
        {
            return CutSetRanking.Rank(_model, Graph, count, options.MaxNodes, cancellationToken);
        }
        catch (NodeBudgetException)
        {
            throw new ModelTooLargeException(options.MaxNodes);
        }
    }
}
