namespace Continuity.Vault.Restore;

/// <summary>How restored content gets to the disk.</summary>
public enum WritePath
{
    /// <summary>Past the page cache, unless the disk turns out to be slow and the snapshot fits in memory many times
    /// over.</summary>
    Automatic,

    /// <summary>Through the page cache.</summary>
    Cached,

    /// <summary>Past the page cache: it keeps what the machine is serving.</summary>
    Direct,
}
