namespace Continuity.Gateway.Upstream;

/// <summary>A replica's idle connections; the one used last is taken first, so that surplus ones grow old.</summary>
internal sealed class ConnectionPool(Clock clock)
{
    private static readonly TimeSpan IdleLifetime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private readonly long _idleTicks = clock.Ticks(IdleLifetime);
    private readonly long _lifetimeTicks = clock.Ticks(Lifetime);
    private readonly Lock _lock = new();
    private readonly List<UpstreamConnection> _idle = [];
    private bool _isRetired;

    public int Idle
    {
        get
        {
            lock (_lock)
            {
                return _idle.Count;
            }
        }
    }

    /// <summary>An idle connection that should still be good, or nothing.</summary>
    public UpstreamConnection? Take()
    {
        var now = clock.Now;
        while (TakeNewest() is { } connection)
        {
            // Looked at each time: bytes that nobody asked for would be taken for the answer to this request.
            if (!IsOld(connection, now) && !connection.IsStale)
            {
                return connection;
            }

            connection.Dispose();
        }

        return null;
    }

    /// <summary>Gives back a connection whose answer was read to its end.</summary>
    public void Return(UpstreamConnection connection)
    {
        var now = clock.Now;
        connection.IdleSince = now;
        connection.WasUsed = true;
        if (!IsOld(connection, now))
        {
            lock (_lock)
            {
                if (!_isRetired)
                {
                    _idle.Add(connection);
                    return;
                }
            }
        }

        connection.Dispose();
    }

    /// <summary>Closes the idle connections that are old or that the replica has closed.</summary>
    public void Sweep()
    {
        var now = clock.Now;
        List<UpstreamConnection>? closing = null;
        lock (_lock)
        {
            for (var i = _idle.Count - 1; i >= 0; i--)
            {
                var connection = _idle[i];
                if (IsOld(connection, now) || connection.IsStale)
                {
                    _idle.RemoveAt(i);
                    (closing ??= []).Add(connection);
                }
            }
        }

        closing?.ForEach(connection => connection.Dispose());
    }

    /// <summary>Closes all idle connections: when one was found dead, so are they as a rule.</summary>
    public void CloseIdle()
    {
        while (TakeNewest() is { } connection)
        {
            connection.Dispose();
        }
    }

    /// <summary>The replica is gone from routing: what is in use is closed when it comes back.</summary>
    public void Retire()
    {
        lock (_lock)
        {
            _isRetired = true;
        }

        CloseIdle();
    }

    private bool IsOld(UpstreamConnection connection, long now) =>
        now - connection.IdleSince > _idleTicks || now - connection.OpenedAt > _lifetimeTicks;

    private UpstreamConnection? TakeNewest()
    {
        lock (_lock)
        {
            if (_idle.Count == 0)
            {
                return null;
            }

            var newest = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            return newest;
        }
    }
}
