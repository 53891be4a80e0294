namespace Continuity.Vault.Storage;

/// <summary>The lock that a store puts on new blobs by itself (S3 Object Lock, Azure immutability policies).</summary>
/// <param name="Kind">Who may lift the lock.</param>
/// <param name="Retention">How long a new blob is locked; <see langword="null"/> if unknown or without end.</param>
/// <remarks>While a lock holds, deletes throw <see cref="StoreAccessDeniedException"/>, or, where the store keeps
/// versions, hide the blob and free nothing: forget and prune take effect when it ends.</remarks>
public sealed record StoreImmutability(ImmutabilityKind Kind, TimeSpan? Retention)
{
    /// <summary>Gets the value for a store that locks nothing.</summary>
    public static StoreImmutability None { get; } = new(ImmutabilityKind.None, null);
}

/// <summary>Who may lift the lock on a blob.</summary>
public enum ImmutabilityKind
{
    /// <summary>There is no lock.</summary>
    None,

    /// <summary>The store could not be asked: the credentials may not read its lock configuration.</summary>
    Unknown,

    /// <summary>Principals with a special permission (S3 governance mode, an unlocked Azure policy).</summary>
    Governance,

    /// <summary>Nobody before the retention ends (S3 compliance mode, a locked Azure policy or legal hold).</summary>
    Compliance,
}
