namespace Continuity.Gateway.Streaming;

/// <summary>
/// How regularly a replica's chunks arrive, all its streams taken together, and how odd its silence is.
/// </summary>
/// <remarks>
/// Phi accrual (Hayashibara et al., 2004) on the gaps between arrivals: phi = -log10 P(gap longer than this silence),
/// with the gaps taken as exponential above their mean, which errs towards patience.
/// Racing writers lose a sample at worst.
/// </remarks>
internal sealed class ChunkRhythm(Clock clock)
{
    private const int LeastSamples = 32;
    private const double Smoothing = 1.0 / 64;
    private long _lastArrival;
    private double _meanGap;
    private int _samples;
    private int _streams;

    /// <summary>At how many looks in a row it alone was silent; the watch's own count.</summary>
    public int SilentLooks { get; set; }

    public int Streams => Volatile.Read(ref _streams);

    public void StreamStarted(long now)
    {
        // A pause between streams is no gap of the replica's.
        if (Interlocked.Increment(ref _streams) == 1)
        {
            Volatile.Write(ref _lastArrival, now);
        }
    }

    public void StreamEnded() => Interlocked.Decrement(ref _streams);

    public void Arrived(long now)
    {
        var gap = clock.Seconds(now - Volatile.Read(ref _lastArrival));
        Volatile.Write(ref _lastArrival, now);
        if (gap is > 0 and < 60)
        {
            var samples = _samples;
            var weight = samples < LeastSamples ? 1.0 / (samples + 1) : Smoothing;
            _meanGap += (gap - _meanGap) * weight;
            _samples = samples + 1 == int.MaxValue ? LeastSamples : samples + 1;
        }
    }

    public TimeSpan Silence(long now) => clock.Span(Math.Max(0, now - Volatile.Read(ref _lastArrival)));

    /// <summary>How unlikely the present silence is; 0 while there is no stream or too little is known.</summary>
    public double Phi(long now)
    {
        if (Streams == 0 || _samples < LeastSamples)
        {
            return 0;
        }

        var silence = Silence(now).TotalSeconds - _meanGap;
        return silence <= 0 ? 0 : silence / Math.Max(_meanGap, 0.001) * Math.Log10(Math.E);
    }
}
