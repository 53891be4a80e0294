using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Upstream;

/// <summary>Closes connections that nobody will use again: idle for too long, or to replicas that are gone.</summary>
internal sealed class ConnectionSweeper(RoutingState routing, Clock clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly HashSet<Replica> _known = [];

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var replica in _known)
        {
            replica.Connections.Retire();
        }
    }

    internal void Sweep()
    {
        var held = (routing.Current?.Services ?? []).SelectMany(pool => pool.Replicas).ToHashSet();
        foreach (var replica in _known.Where(replica => !held.Contains(replica)).ToArray())
        {
            replica.Connections.Retire();
            _known.Remove(replica);
        }

        foreach (var replica in held)
        {
            _known.Add(replica);
            replica.Connections.Sweep();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Sweep();
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
