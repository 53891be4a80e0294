using Continuity.Gateway.Routing;

namespace Continuity.Gateway;

/// <summary>Gives memory back after a crowd has gone.</summary>
/// <remarks>
/// What long streams leave behind has grown old, and the collector comes back to old memory only when there is about
/// twice as much of it. Right after a crowd little is alive: looking through that takes a few milliseconds.
/// </remarks>
internal sealed class HeapTrimmer(RoutingState routing, Clock clock) : BackgroundService
{
    // Fewer leave less behind than the process needs at rest.
    private const int Crowd = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private int _most;

    /// <returns>Whether a crowd has gone since the last time, and its memory was given back.</returns>
    internal bool Look()
    {
        var inFlight = (routing.Current?.Services ?? []).Sum(pool => pool.Replicas.Sum(replica => replica.InFlight));
        var most = Math.Max(_most, inFlight);
        var isOver = most >= Crowd && inFlight <= most / 4;
        _most = isOver ? inFlight : most;
        if (isOver)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        }

        return isOver;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
