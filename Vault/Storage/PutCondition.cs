namespace Continuity.Vault.Storage;

/// <summary>Whether <see cref="IBlobStore.PutAsync"/> may replace a blob that exists.</summary>
public enum PutCondition
{
    /// <summary>Replaces the blob, atomically, if it exists.</summary>
    None,

    /// <summary>Writes only if no blob has the name. Of several concurrent puts exactly one writes where
    /// <see cref="StoreCapabilities.ConditionalPut"/> holds; elsewhere the store looks first, and a race may
    /// replace.</summary>
    IfAbsent,
}
