namespace Continuity.Workers.Files;

/// <summary>Spreads bytes over time: each caller waits until what was taken before it has had its time.</summary>
/// <param name="bytesPerSecond">0 lifts the limit.</param>
/// <param name="time">The clock.</param>
internal sealed class BandwidthLimit(long bytesPerSecond, TimeProvider time)
{
    // Timers are no finer than this; what is owed is waited for with the next blocks.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private double _free;

    /// <summary>Bytes to move at a time, so that a low limit gives a steady trickle instead of pulses.</summary>
    public int BlockBytes(int largest) =>
        bytesPerSecond == 0 ? largest : (int)Math.Clamp(bytesPerSecond / 20, 4 * 1024, largest);

    public void Take(long bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond == 0)
        {
            return;
        }

        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start).TotalSeconds;
            _free = Math.Max(_free, now) + ((double)bytes / bytesPerSecond);
            wait = TimeSpan.FromSeconds(_free - now);
        }

        if (wait > ShortestWait)
        {
            Task.Delay(wait, time, cancellationToken).GetAwaiter().GetResult();
        }
    }
}
