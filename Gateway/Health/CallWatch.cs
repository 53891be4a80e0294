using Continuity.Contracts.Routing;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Health;

/// <summary>
/// Looks at every call in flight a few dozen times a second: overdue ones end, silent replicas are suspected.
/// </summary>
internal sealed class CallWatch(RoutingState routing, HealthKeeper health, Attention attention, Clock clock)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    // A watch that comes this late was starved, and so was everything that should have moved a deadline in the
    // meantime.
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(250);

    // Replicas that a snapshot dropped still finish what they have.
    private readonly List<Replica> _dropped = [];
    private RoutingTable? _seen;
    private long _lastLook;

    internal void Look()
    {
        var table = routing.Current;
        if (table is null)
        {
            return;
        }

        KeepDropped(table);
        var now = clock.Now;
        var wasStarved = _lastLook != 0 && now - _lastLook > clock.Ticks(Late);
        _lastLook = now;
        if (wasStarved)
        {
            // Judging replicas by one's own standstill would eject all of them; the next look is soon enough.
            return;
        }

        var heard = attention.HeardUntil(now);
        attention.Send();
        foreach (var pool in table.Services)
        {
            foreach (var replica in pool.Replicas)
            {
                replica.Health.Refresh(now);
                if (!replica.Calls.IsEmpty)
                {
                    replica.Calls.EndOverdue(heard);
                    CheckSilence(pool, replica, heard);
                    MoveDrained(replica);
                }
            }
        }

        foreach (var replica in _dropped)
        {
            replica.Calls.EndOverdue(heard);
        }
    }

    // On a thread of its own: a timer's tick costs ten system calls, 40 times a second, and would wait for pool threads
    // when they are all busy, which is when a watch is needed most.
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Watch(ended, stoppingToken)) { IsBackground = true, Name = "Call watch" };
        thread.Start();
        return ended.Task;
    }

    private void Watch(TaskCompletionSource ended, CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.WaitHandle.WaitOne(Interval))
            {
                Look();
            }

            ended.SetResult();
        }
        catch (Exception exception)
        {
            // As any other service's failure, it ends the host: without deadlines nothing would be repaired.
            ended.SetException(exception);
        }
    }

    private void CheckSilence(ServicePool pool, Replica replica, long now)
    {
        var settings = pool.Route.Streams;
        if (settings.Suspicion <= 0 || replica.Rhythm.Streams == 0)
        {
            return;
        }

        // Only if somebody else may do better: a silence of all is more likely this gateway's own, and moving streams
        // from one silent replica to the next uses up their patience. And at two looks in a row, as with deadlines:
        // when such a silence ends, one of them is heard first.
        if (!IsSilent(replica, settings, now) || !HasBetter(pool, replica, now))
        {
            replica.Rhythm.SilentLooks = 0;
        }
        else if (replica.Rhythm.SilentLooks++ > 0)
        {
            health.FellSilent(pool, replica, replica.Rhythm.Silence(now), replica.Rhythm.Phi(now));
        }
    }

    private static bool IsSilent(Replica replica, StreamSettings settings, long now) =>
        replica.Rhythm.Silence(now) >= settings.SuspicionFloor && replica.Rhythm.Phi(now) >= settings.Suspicion;

    private static bool HasBetter(ServicePool pool, Replica silent, long now)
    {
        foreach (var other in pool.Replicas)
        {
            if (other != silent && other.TakesTraffic && other.LooksAlive && other.Health.Standing == Standing.Good
                && (other.Rhythm.Streams == 0 || other.Rhythm.Silence(now) < pool.Route.Streams.SuspicionFloor))
            {
                return true;
            }
        }

        return false;
    }

    // Whoever can't go on elsewhere is let finish: draining is never a reason to break a stream.
    private void MoveDrained(Replica replica)
    {
        if (replica.Route is { State: ReplicaState.Draining, DrainUntil: { } end } && clock.Time.GetUtcNow() >= end)
        {
            replica.Calls.EndAll(CallEnding.Moved, movableOnly: true);
        }
    }

    private void KeepDropped(RoutingTable table)
    {
        if (!ReferenceEquals(table, _seen))
        {
            var held = table.Services.SelectMany(pool => pool.Replicas).ToHashSet();
            _dropped.AddRange(
                (_seen?.Services ?? []).SelectMany(pool => pool.Replicas).Where(replica => !held.Contains(replica)));
            _seen = table;
        }

        _dropped.RemoveAll(replica => replica.Calls.IsEmpty);
    }
}
