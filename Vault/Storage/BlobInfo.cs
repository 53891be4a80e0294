namespace Continuity.Vault.Storage;

/// <summary>A blob as a listing shows it.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Modified">When it was put, by the store's clock, in UTC. Stores round it (S3, SFTP: to
/// seconds).</param>
public readonly record struct BlobInfo(string Name, long Length, DateTimeOffset Modified);
