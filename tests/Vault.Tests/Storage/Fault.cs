namespace Continuity.Vault.Tests.Storage;

/// <summary>What goes wrong at one operation of a <see cref="FaultyBlobStore"/>.</summary>
public enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The store cannot be reached (EIO, time-out); nothing happened.</summary>
    Unavailable,

    /// <summary>The operation happens, but its answer is lost.</summary>
    LostAnswer,

    /// <summary>There is no room (ENOSPC); nothing happened. Reads are not affected.</summary>
    Full,

    /// <summary>The process dies before the operation: this and all later ones throw
    /// <see cref="ProcessKilledException"/>.</summary>
    KillBefore,

    /// <summary>The process dies right after the operation.</summary>
    KillAfter,

    /// <summary>The process dies and half of the blob being put is left under its name, as on a store that breaks its
    /// promise of atomicity. Other operations: as <see cref="KillBefore"/>.</summary>
    TornThenKill,

    /// <summary>A get returns one byte less than the blob holds. Other operations are not affected.</summary>
    ShortRead,

    /// <summary>A get returns one wrong bit. Other operations are not affected.</summary>
    FlippedBit,
}

/// <summary>The process is dead; nothing it does reaches the store any more.</summary>
public sealed class ProcessKilledException() : Exception("The process was killed by the fault plan.");
