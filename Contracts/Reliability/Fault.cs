namespace Continuity.Contracts.Reliability;

/// <summary>A fault on record.</summary>
public sealed record Fault
{
    /// <summary>Its id, given by who recorded it ("inc-2041").</summary>
    public required string Id { get; init; }

    /// <summary>What was seen.</summary>
    public required ObservedFault Observed { get; init; }

    /// <summary>When it was recorded last (UTC, the database's clock).</summary>
    public DateTimeOffset RecordedAt { get; init; }
}
