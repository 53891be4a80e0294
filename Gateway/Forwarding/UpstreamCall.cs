using Continuity.Gateway.Routing;
using Continuity.Gateway.Upstream;

namespace Continuity.Gateway.Forwarding;

/// <summary>
/// One attempt at one replica: its place in the replica's list, its next deadline, and its way to be ended.
/// </summary>
/// <remarks>
/// Deadlines are fields that one watch looks at, and not timers: moving one with each chunk of a stream costs a store.
/// </remarks>
internal sealed class UpstreamCall : IDisposable
{
    private readonly Lock _ending = new();
    private readonly CancellationTokenRegistration _clientGone;
    private readonly long _tokens;
    private long _deadline;
    private int _reason;
    private CancellationTokenSource? _cancellation;
    private UpstreamConnection? _connection;
    private bool _isEnded;

    private UpstreamCall(Replica replica, Exchange exchange, long deadline)
    {
        Replica = replica;
        CallersDeadline = exchange.Deadline;
        _tokens = exchange.Facts.Tokens;
        _deadline = deadline;
        replica.Begin(_tokens);
        replica.Calls.Add(this);
        _clientGone = exchange.Aborted.UnsafeRegister(
            static state => ((UpstreamCall)state!).End(CallEnding.ClientGone),
            this);
    }

    public Replica Replica { get; }

    /// <summary>Cancelled when the call is ended; made when somebody asks for it.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (_ending)
            {
                _cancellation ??= _isEnded ? Cancelled() : new CancellationTokenSource();
                return _cancellation.Token;
            }
        }
    }

    /// <summary>Why it was ended from outside.</summary>
    public CallEnding Ending => (CallEnding)Volatile.Read(ref _reason);

    /// <summary>When the replica must have shown the next sign of life.</summary>
    public long Deadline
    {
        get => Volatile.Read(ref _deadline);
        set => Volatile.Write(ref _deadline, value);
    }

    /// <summary>When the caller stops waiting: what ends then is no failure of the replica's.</summary>
    public long CallersDeadline { get; }

    /// <summary>
    /// Whether a stream is running that another replica can take up: such a call may be ended on suspicion.
    /// </summary>
    public bool MayMove { get; set; }

    /// <summary>The deadline that a look has found missed.</summary>
    internal long MissedDeadline { get; set; } = long.MinValue;

    internal UpstreamCall? Next { get; set; }

    internal UpstreamCall? Before { get; set; }

    public static UpstreamCall Start(Replica replica, Exchange exchange, long deadline) =>
        new(replica, exchange, deadline);

    /// <summary>
    /// Ends it, for the first reason that anyone has. The caller's thread runs no one else's continuation.
    /// </summary>
    public void End(CallEnding reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)CallEnding.None) == (int)CallEnding.None)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static call => call.Cancel(), this, preferLocal: false);
        }
    }

    /// <summary>Has the connection closed if the call is ended, or at once if it already was.</summary>
    public void Attach(UpstreamConnection connection)
    {
        lock (_ending)
        {
            if (!_isEnded)
            {
                _connection = connection;
                return;
            }
        }

        connection.Dispose();
    }

    /// <summary>The connection is the call's no longer: from here on its end does not touch it.</summary>
    public void Detach()
    {
        lock (_ending)
        {
            _connection = null;
        }
    }

    public void Dispose()
    {
        Replica.Calls.Remove(this);
        Replica.End(_tokens);
        _clientGone.Dispose();

        // The source is not disposed: a late End may still reach it, and without a timer it holds nothing.
    }

    private void Cancel()
    {
        CancellationTokenSource? source;
        lock (_ending)
        {
            _isEnded = true;
            source = _cancellation;

            // Within the lock: once detached, the connection may be another request's.
            _connection?.Dispose();
            _connection = null;
        }

        source?.Cancel();
    }

    private static CancellationTokenSource Cancelled()
    {
        var source = new CancellationTokenSource();
        source.Cancel();
        return source;
    }
}

/// <summary>Why a call was ended before its answer was.</summary>
internal enum CallEnding
{
    None,
    TimedOut,
    JudgedDown,
    ClientGone,
    DeadlinePassed,
    Overtaken,
    Moved,
}
