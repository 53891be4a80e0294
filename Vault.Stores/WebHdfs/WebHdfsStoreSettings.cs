namespace Continuity.Vault.Stores.WebHdfs;

/// <summary>Which file system and folder <see cref="WebHdfsBlobStore"/> uses, and as whom.</summary>
public sealed record WebHdfsStoreSettings
{
    /// <summary>Gets the address of the name node's (or HttpFS's) web server.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Gets the absolute folder below which blobs are kept; the first put creates it.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets the user to name, where the cluster trusts names (simple authentication).</summary>
    /// <value>The default value is <see langword="null"/>: none is named.</value>
    public string? User { get; init; }

    /// <summary>Gets the delegation token to present instead of a name.</summary>
    /// <value>The default value is <see langword="null"/>: without a token and a name, Kerberos (SPNEGO) is
    /// offered.</value>
    public string? DelegationToken { get; init; }
}
