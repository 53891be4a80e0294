namespace Continuity.Vault.Stores.S3;

/// <summary>Which bucket <see cref="S3BlobStore"/> uses, and how.</summary>
public sealed record S3StoreSettings
{
    /// <summary>Gets the service's address.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Gets the bucket; it must exist.</summary>
    public required string Bucket { get; init; }

    /// <summary>Gets what all keys begin with.</summary>
    /// <value>The default value is empty.</value>
    public string Prefix { get; init; } = string.Empty;

    /// <summary>Gets the region that requests are signed for.</summary>
    /// <value>The default value is <c>us-east-1</c>, which services other than Amazon's expect.</value>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Gets the length of an upload's parts; a longer blob is uploaded in several.</summary>
    /// <value>The default value is 8 MiB; Amazon asks for at least 5.</value>
    public int PartBytes { get; init; } = 8 << 20;

    /// <summary>Gets how many parts of one blob are sent at once.</summary>
    /// <value>The default value is 4.</value>
    public int Parallelism { get; init; } = 4;
}
