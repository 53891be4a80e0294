namespace Continuity.Vault.Storage;

/// <summary>What a put did.</summary>
public enum PutOutcome
{
    /// <summary>The blob now holds the given bytes.</summary>
    Written,

    /// <summary>A blob of that name exists and was kept (<see cref="PutCondition.IfAbsent"/> only).</summary>
    AlreadyExists,
}
