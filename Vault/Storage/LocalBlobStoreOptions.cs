namespace Continuity.Vault.Storage;

/// <summary>How <see cref="LocalBlobStore"/> writes.</summary>
public sealed record LocalBlobStoreOptions
{
    /// <summary>Gets from how many bytes on a blob in an aligned buffer is written past the page cache.</summary>
    /// <value>The default value is 1 MiB. <see cref="int.MaxValue"/> never does.</value>
    public int DirectWriteBytes { get; init; } = 1 << 20;

    /// <summary>Gets whether files and folders are flushed to stable storage before a call returns.</summary>
    /// <value>The default value is <see langword="true"/>; without it a loss of power may lose blobs.</value>
    public bool Flush { get; init; } = true;

    /// <summary>Gets what is asked before each step, with the bytes of a write, and says how many of these go through
    /// at once.</summary>
    /// <value>Null but in tests, which let steps fail.</value>
    internal Func<FileStep, int, int>? BeforeStep { get; init; }
}
