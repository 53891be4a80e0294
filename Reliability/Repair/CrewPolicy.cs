namespace Continuity.Reliability.Repair;

/// <summary>Whom a crew works on when more has failed than it has hands.</summary>
public enum CrewPolicy
{
    /// <summary>The group that was added first; it drops the work on a later one for it.</summary>
    Priority,

    /// <summary>All failed units alike: each gets the same part of the hands.</summary>
    Shared,
}
