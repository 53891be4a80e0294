namespace Continuity.Gateway;

/// <summary>Timestamps of a monotonic clock: cheap to read, compare and store.</summary>
internal sealed class Clock(TimeProvider time)
{
    private readonly double _ticksPerSecond = time.TimestampFrequency;

    public TimeProvider Time => time;

    public long Now => time.GetTimestamp();

    public long After(TimeSpan wait) => Now + Ticks(wait);

    public long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _ticksPerSecond);

    public TimeSpan Span(long ticks) => TimeSpan.FromSeconds(ticks / _ticksPerSecond);

    public double Seconds(long ticks) => ticks / _ticksPerSecond;
}
