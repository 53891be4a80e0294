namespace Continuity.ModelServer.Serving;

/// <summary>Counts durations in the buckets that vLLM uses for latencies, from a millisecond to a minute.</summary>
internal sealed class LatencyHistogram
{
    private static readonly double[] _bounds =
        [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60];

    private readonly long[] _counts = new long[_bounds.Length + 1];
    private long _sumTicks;

    public static IReadOnlyList<double> Bounds => _bounds;

    public double SumSeconds => TimeSpan.FromTicks(Interlocked.Read(ref _sumTicks)).TotalSeconds;

    public void Observe(TimeSpan duration)
    {
        var seconds = duration.TotalSeconds;
        var bucket = 0;
        while (bucket < _bounds.Length && seconds > _bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _sumTicks, duration.Ticks);
    }

    /// <summary>How many were no longer than each bound, and at the end how many there were.</summary>
    public long[] Cumulative()
    {
        var cumulative = new long[_counts.Length];
        var sum = 0L;
        for (var bucket = 0; bucket < cumulative.Length; bucket++)
        {
            sum += Interlocked.Read(ref _counts[bucket]);
            cumulative[bucket] = sum;
        }

        return cumulative;
    }
}
