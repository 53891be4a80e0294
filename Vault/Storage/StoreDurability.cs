namespace Continuity.Vault.Storage;

/// <summary>What a completed put survives.</summary>
public enum StoreDurability
{
    /// <summary>The loss of this process only: memory, or a store that offers no way to wait for its disks.</summary>
    Process,

    /// <summary>A loss of power: the bytes and the name were flushed to stable storage, or the service promises
    /// so.</summary>
    Power,
}
