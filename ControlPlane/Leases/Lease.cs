namespace Continuity.ControlPlane.Leases;

/// <summary>A time-limited right that one holder at a time has.</summary>
public sealed record Lease
{
    /// <summary>What it is the right to.</summary>
    public required string Name { get; init; }

    /// <summary>Who has it: one process at one time, never a name that a restarted process would reuse.</summary>
    public required string Holder { get; init; }

    /// <summary>
    /// Grows by at least one on every change of holder; whoever stores anything refuses smaller ones.
    /// </summary>
    public required long FencingToken { get; init; }

    /// <summary>When it ends (UTC, on the database's clock, never compared with the holder's).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The holder's monotonic timestamp from before it asked: its own trust counts from there.</summary>
    public required long AskedAt { get; init; }
}
