using System.Buffers;
using System.Runtime.Intrinsics;
using Continuity.Reliability.Decisions;

namespace Continuity.Reliability.Evaluation;

/// <summary>
/// An exact model compiled to straight-line arithmetic: the top's probability for any probabilities of its basic
/// events,
/// without building anything again.
/// </summary>
/// <remarks>
/// P(node) = p P(high) + (1 - p) P(low) (Shannon's expansion), over sums of products of non-negative numbers only: no
/// subtraction, so tiny probabilities keep their relative accuracy. Safe for use by many threads; cost O(instructions).
/// </remarks>
public sealed class ProbabilityEvaluator
{
    /// <summary>How many samples one pass of <see cref="EvaluateMany"/> takes at a time.</summary>
    public const int BatchSize = 8;

    private const int LargestPooled = 1 << 18;

    private readonly ReadOnlyMemory<Instruction> _instructions;
    private readonly int _firstResult;
    private readonly int _root;

    internal ProbabilityEvaluator(int eventCount, ReadOnlyMemory<Instruction> instructions, int root)
    {
        EventCount = eventCount;
        _instructions = instructions;
        _firstResult = Slots.FirstResult(eventCount);
        _root = root;
    }

    /// <summary>How many probabilities an evaluation takes: one per basic event of the graph, in its order.</summary>
    public int EventCount { get; }

    /// <summary>How many instructions an evaluation runs.</summary>
    public int InstructionCount => _instructions.Length;

    internal ReadOnlySpan<Instruction> Instructions => _instructions.Span;

    internal int Root => _root;

    private int ValueCount => _firstResult + _instructions.Length;

    /// <summary>The top's probability.</summary>
    /// <param name="probabilities">Of each basic event, in the order of the graph; 0 to 1 each, unchecked.</param>
    /// <remarks>Takes no memory of its own once others have run.</remarks>
    public double Evaluate(ReadOnlySpan<double> probabilities)
    {
        var values = Rent<double>(ValueCount);
        try
        {
            Run(probabilities, values);
            return values[_root];
        }
        finally
        {
            Return(values);
        }
    }

    /// <summary>The top's probability for many samples at once.</summary>
    /// <param name="samples">
    /// Event by event: the probability of event <c>e</c> in sample <c>s</c> is at <c>e * results.Length + s</c>.
    /// </param>
    /// <param name="results">Receives one probability per sample.</param>
    public void EvaluateMany(ReadOnlySpan<double> samples, Span<double> results)
    {
        if (samples.Length != (long)EventCount * results.Length)
        {
            throw new ArgumentException(
                $"{EventCount} events times {results.Length} samples expected, found {samples.Length} numbers.",
                nameof(samples));
        }

        var values = Rent<Vector512<double>>(ValueCount);
        try
        {
            RunBatches(samples, results, values);
        }
        finally
        {
            Return(values);
        }
    }

    /// <summary>The value of every slot.</summary>
    internal double[] Run(ReadOnlySpan<double> probabilities)
    {
        var values = HugePages.NewArray<double>(ValueCount);
        Run(probabilities, values);
        return values;
    }

    private void Run(ReadOnlySpan<double> probabilities, double[] values)
    {
        if (probabilities.Length != EventCount)
        {
            throw new ArgumentException(
                $"{EventCount} probabilities expected, found {probabilities.Length}.", nameof(probabilities));
        }

        values[Slots.False] = 0;
        values[Slots.True] = 1;
        for (var e = 0; e < probabilities.Length; e++)
        {
            values[Slots.Event(e)] = probabilities[e];
            values[Slots.NotEvent(e)] = 1 - probabilities[e];
        }

        var next = _firstResult;
        foreach (ref readonly var step in _instructions.Span)
        {
            values[next++] = values[step.IfTrue] * values[step.High] + values[step.IfFalse] * values[step.Low];
        }
    }

    // A pool keeps what it was given: only for models that are asked often, not for those of millions of nodes.
    private static T[] Rent<T>(int count)
        where T : unmanaged => count <= LargestPooled
        ? ArrayPool<T>.Shared.Rent(count)
        : HugePages.NewArray<T>(count);

    private static void Return<T>(T[] values)
    {
        if (values.Length <= LargestPooled)
        {
            ArrayPool<T>.Shared.Return(values);
        }
    }

    private void RunBatches(
        ReadOnlySpan<double> samples, Span<double> results, Vector512<double>[] values)
    {
        values[Slots.False] = Vector512<double>.Zero;
        values[Slots.True] = Vector512<double>.One;
        Span<double> lanes = stackalloc double[BatchSize];
        for (var start = 0; start < results.Length; start += BatchSize)
        {
            var count = Math.Min(BatchSize, results.Length - start);
            for (var e = 0; e < EventCount; e++)
            {
                lanes.Clear();
                samples.Slice(e * results.Length + start, count).CopyTo(lanes);
                var probability = Vector512.Create<double>(lanes);
                values[Slots.Event(e)] = probability;
                values[Slots.NotEvent(e)] = Vector512<double>.One - probability;
            }

            RunBatch(values);
            var root = values[_root];
            root.CopyTo(lanes);
            lanes[..count].CopyTo(results[start..]);
        }
    }

    private void RunBatch(Vector512<double>[] values)
    {
        var next = _firstResult;
        foreach (ref readonly var step in _instructions.Span)
        {
            values[next++] = values[step.IfTrue] * values[step.High] + values[step.IfFalse] * values[step.Low];
        }
    }
}
