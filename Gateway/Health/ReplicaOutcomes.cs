namespace Continuity.Gateway.Health;

/// <summary>How a replica's requests ended, counted.</summary>
internal sealed class ReplicaOutcomes
{
    private readonly long[] _counts = new long[Enum.GetValues<Outcome>().Length];

    public void Count(Outcome outcome) => Interlocked.Increment(ref _counts[(int)outcome]);

    public long this[Outcome outcome] => Interlocked.Read(ref _counts[(int)outcome]);
}

/// <summary>How one attempt at a replica ended.</summary>
internal enum Outcome
{
    /// <summary>An answer, 4xx included: those are the caller's.</summary>
    Answered,

    /// <summary>No connection, or none that could be trusted.</summary>
    ConnectFailed,

    /// <summary>The connection broke before or within the answer.</summary>
    Broken,

    /// <summary>No first byte, or no next event, in time.</summary>
    TimedOut,

    /// <summary>A status that says "not me, not now".</summary>
    Refused,

    /// <summary>An answer that makes no sense.</summary>
    Nonsense,

    /// <summary>Judged down while the request was there.</summary>
    JudgedDown,

    /// <summary>Its stream was moved elsewhere because it drains.</summary>
    Moved,

    /// <summary>The caller went away, or another replica was faster.</summary>
    Abandoned,
}
