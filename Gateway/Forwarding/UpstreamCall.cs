using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Forwarding;

/// <summary>
/// One attempt at one replica: its place in the replica's list, its next deadline, and its way to be ended.
/// </summary>
/// <remarks>
/// Deadlines are fields that one watch looks at, and not timers: moving one with each chunk of a stream costs a store.
/// </remarks>
internal sealed class UpstreamCall : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationTokenRegistration _clientGone;
    private readonly long _tokens;
    private long _deadline;
    private int _ending;

    private UpstreamCall(Replica replica, long tokens, long deadline, CancellationToken clientAborted)
    {
        Replica = replica;
        _tokens = tokens;
        _deadline = deadline;
        replica.Begin(tokens);
        replica.Calls.Add(this);
        _clientGone = clientAborted.UnsafeRegister(
            static state => ((UpstreamCall)state!).End(CallEnding.ClientGone),
            this);
    }

    public Replica Replica { get; }

    public CancellationToken Token => _cancellation.Token;

    /// <summary>Why it was ended from outside.</summary>
    public CallEnding Ending => (CallEnding)Volatile.Read(ref _ending);

    /// <summary>When the replica must have shown the next sign of life.</summary>
    public long Deadline
    {
        get => Volatile.Read(ref _deadline);
        set => Volatile.Write(ref _deadline, value);
    }

    /// <summary>
    /// Whether a stream is running that another replica can take up: such a call may be ended on suspicion.
    /// </summary>
    public bool MayMove { get; set; }

    internal UpstreamCall? Next { get; set; }

    internal UpstreamCall? Before { get; set; }

    public static UpstreamCall Start(Replica replica, long tokens, long deadline, CancellationToken clientAborted) =>
        new(replica, tokens, deadline, clientAborted);

    /// <summary>
    /// Ends it, for the first reason that anyone has. The caller's thread runs no one else's continuation.
    /// </summary>
    public void End(CallEnding reason)
    {
        if (Interlocked.CompareExchange(ref _ending, (int)reason, (int)CallEnding.None) == (int)CallEnding.None)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static call => call.Cancel(), this, preferLocal: false);
        }
    }

    public void Dispose()
    {
        Replica.Calls.Remove(this);
        Replica.End(_tokens);
        _clientGone.Dispose();

        // The source is not disposed: a late End may still reach it, and without a timer it holds nothing.
    }

    private void Cancel() => _cancellation.Cancel();
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
