namespace Continuity.Vault.Storage;

/// <summary>The kinds of store that a <see cref="StoreLocation"/> can name.</summary>
public enum StoreKind
{
    /// <summary>A folder of this machine.</summary>
    Local,

    /// <summary>A bucket of an S3 service.</summary>
    S3,

    /// <summary>A container of Azure Blob Storage.</summary>
    Azure,

    /// <summary>A folder of a Hadoop file system, over WebHDFS.</summary>
    WebHdfs,

    /// <summary>A folder of another machine, over SFTP.</summary>
    Sftp,
}
