using Continuity.Contracts.Routing;
using Continuity.ControlPlane.Database;

namespace Continuity.ControlPlane.Routing;

/// <summary>Lets any number of gateways wait for a newer snapshot at the cost of one query per change.</summary>
public sealed class RoutingFeed(RoutingSnapshots snapshots, Notifications notifications, TimeProvider time)
{
    // A notification can be lost with its connection; nobody waits for longer than this because of that.
    private static readonly TimeSpan _longestBlindWait = TimeSpan.FromSeconds(1);

    private readonly Lock _starting = new();
    private volatile RoutingSnapshot? _newest;
    private Task<RoutingSnapshot>? _reading;
    private Task? _readingFor;

    /// <summary>A snapshot of another version than <paramref name="after"/>, waiting for one if need be.</summary>
    /// <returns><see langword="null"/> when none came within <paramref name="wait"/>.</returns>
    public async Task<RoutingSnapshot?> NextAsync(long after, TimeSpan wait, CancellationToken cancellationToken)
    {
        var askedAt = time.GetTimestamp();
        while (true)
        {
            // Taken before looking: a change between the look and the wait ends the wait at once.
            var changed = notifications.NextAsync(Notifications.Routing);
            var newest = await RefreshAsync(changed).WaitAsync(cancellationToken);

            // "Another" and not "larger": after a restore of the database versions may begin lower again.
            if (newest.Version != after)
            {
                return newest;
            }

            var left = wait - time.GetElapsedTime(askedAt);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await notifications.WaitAsync(changed, left < _longestBlindWait ? left : _longestBlindWait,
                cancellationToken);
        }
    }

    // Many wait, one reads: all who were woken by the same change share one look at the database. A look that began
    // before the change they know of would be too old for them, hence the comparison.
    private Task<RoutingSnapshot> RefreshAsync(Task changed)
    {
        lock (_starting)
        {
            if (_reading is null || _reading.IsCompleted || !ReferenceEquals(_readingFor, changed))
            {
                _readingFor = changed;
                _reading = ReadAsync();
            }

            return _reading;
        }
    }

    private async Task<RoutingSnapshot> ReadAsync()
    {
        // Shared by many callers, none of whom may cancel it for the others; the database's timeouts end it.
        var version = await snapshots.ReadVersionAsync(CancellationToken.None);
        var newest = _newest;
        if (newest?.Version != version)
        {
            _newest = newest = await snapshots.ReadAsync(CancellationToken.None);
        }

        return newest;
    }
}
