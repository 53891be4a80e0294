namespace Continuity.Gateway.Balancing;

/// <summary>
/// A latency average that jumps to peaks at once, forgets them slowly, and decays while nothing is measured.
/// </summary>
/// <remarks>
/// Peak-sensitive EWMA as in Finagle: a slow replica is avoided after one slow answer, and is asked again once its
/// average has decayed. Races between writers lose a sample at worst.
/// </remarks>
internal sealed class PeakLatency(Clock clock)
{
    private const double DecaySeconds = 5;
    private double _seconds;
    private long _measuredAt;

    /// <summary>The average in seconds, as if the time since the last sample had passed without a delay.</summary>
    public double Value(long now)
    {
        var average = Volatile.Read(ref _seconds);
        var age = clock.Seconds(now - Volatile.Read(ref _measuredAt));
        return age <= 0.05 ? average : average * Math.Exp(-age / DecaySeconds);
    }

    public void Record(double seconds, long now)
    {
        var average = Value(now);
        var age = clock.Seconds(now - Volatile.Read(ref _measuredAt));
        var next = seconds > average
            ? average + ((seconds - average) * 0.5)
            : seconds + ((average - seconds) * Math.Exp(-Math.Max(age, 0.002) / DecaySeconds));
        Volatile.Write(ref _seconds, next);
        Volatile.Write(ref _measuredAt, now);
    }
}
