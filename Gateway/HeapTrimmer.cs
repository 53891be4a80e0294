using Continuity.Gateway.Routing;

namespace Continuity.Gateway;

/// <summary>Gives memory back when that is cheap: after a crowd has gone, and after the start.</summary>
/// <remarks>
/// What long streams and closed connections leave behind has grown old, and the collector comes back to old memory only
/// when there is about twice as much of it. While few requests run little is alive, and looking through that takes a
/// few milliseconds.
/// </remarks>
internal sealed class HeapTrimmer(RoutingState routing, Clock clock) : BackgroundService
{
    private const int Few = 100;
    private const long WorthwhileBytes = 16 << 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(10);
    private int _most;
    private long _keptBytes;
    private long _trimmedAt = long.MinValue;

    /// <returns>Whether there was enough to give back, at a time when that is cheap.</returns>
    internal bool Look(long heapBytes)
    {
        var inFlight = (routing.Current?.Services ?? []).Sum(pool => pool.Replicas.Sum(replica => replica.InFlight));
        _most = Math.Max(_most, inFlight);
        var isCheap = inFlight <= Math.Max(Few, _most / 4);
        if (!isCheap || heapBytes - _keptBytes < WorthwhileBytes || !IsRested())
        {
            return false;
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        _most = inFlight;
        _trimmedAt = clock.Now;
        _keptBytes = GC.GetTotalMemory(forceFullCollection: false);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look(GC.GetTotalMemory(forceFullCollection: false));
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private bool IsRested() => _trimmedAt == long.MinValue || clock.Now - _trimmedAt > clock.Ticks(LeastPause);
}
