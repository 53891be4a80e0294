using Continuity.Reliability.Evaluation;

namespace Continuity.Reliability.Uncertainty;

/// <summary>
/// Carries the uncertainty of the parameters through an exact model to the probability of its top, by sampling.
/// </summary>
/// <remarks>
/// Seeded and parallel; the result does not depend on the number of threads, since every random number is a function of
/// the seed, the parameter and the sample. Cost O(samples x (parameters + events + instructions of the evaluator)).
/// </remarks>
public static class UncertaintyAnalysis
{
    // Small enough for a core's cache with hundreds of events, large enough for the evaluator to be set up once.
    private const int BlockSize = 512;

    /// <summary>Samples the top's probability.</summary>
    /// <param name="evaluator">The exact model, compiled from the graph of <paramref name="model"/>.</param>
    /// <param name="model">What is uncertain.</param>
    /// <param name="options">How to sample.</param>
    /// <param name="cancellationToken">Ends the analysis with an exception, within milliseconds.</param>
    /// <exception cref="InvalidOperationException">
    /// A function that turns a parameter into a probability gave no number.
    /// </exception>
    public static UncertaintyResult Run(
        ProbabilityEvaluator evaluator,
        UncertaintyModel model,
        UncertaintyOptions options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        if (evaluator.EventCount != model.Graph.Events.Length)
        {
            throw new ArgumentException(
                $"The evaluator takes {evaluator.EventCount} events, the model has {model.Graph.Events.Length}; they "
                + "come from different graphs.",
                nameof(evaluator));
        }

        var sampler = new ScoreSampler(model, options, cancellationToken);
        var values = model.Parameters.Select(parameter => parameter.Distribution.FromScore()).ToArray();
        var results = new double[options.Samples];
        var blocks = (options.Samples + BlockSize - 1) / BlockSize;
        var clipped = 0L;
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.MaxThreads,
            CancellationToken = cancellationToken,
        };
        try
        {
            Parallel.For(
                0,
                blocks,
                parallel,
                () => new SampleBlock(evaluator, model, sampler, values, BlockSize),
                (block, _, worker) =>
                {
                    var first = block * BlockSize;
                    worker.Run(first, results.AsSpan(first, Math.Min(BlockSize, results.Length - first)));
                    return worker;
                },
                worker => Interlocked.Add(ref clipped, worker.Clipped));
        }
        catch (AggregateException exception) when (exception.InnerException is InvalidOperationException inner)
        {
            throw new InvalidOperationException(inner.Message, inner);
        }

        return new UncertaintyResult(results, clipped);
    }
}
