namespace Continuity.Vault.Formats;

/// <summary>A repository can't do what was asked. The message says what, where, and what to do.</summary>
public abstract class VaultException : IOException
{
    private protected VaultException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>A blob can't be read: damaged, cut off, altered, of another repository, or of a newer format.</summary>
public class CorruptBlobException : VaultException
{
    /// <summary>Makes one for a blob that isn't as it was written.</summary>
    /// <param name="blobName">The blob's name in the store.</param>
    /// <param name="reason">What doesn't fit.</param>
    /// <param name="innerException">The cause, if any.</param>
    public CorruptBlobException(string blobName, string reason, Exception? innerException = null)
        : base(
            $"Blob '{blobName}' is damaged: {reason}. Run verify to see what it affects, and repair.", innerException)
    {
        BlobName = blobName;
        Reason = reason;
    }

    private protected CorruptBlobException(string blobName, string reason, string message)
        : base(message)
    {
        BlobName = blobName;
        Reason = reason;
    }

    /// <summary>Gets the name of the damaged blob.</summary>
    public string BlobName { get; }

    /// <summary>Gets what doesn't fit.</summary>
    public string Reason { get; }
}

/// <summary>A blob was written by a newer version of the format, or says so because it is damaged.</summary>
/// <remarks>Whoever can go on without a damaged blob can go on without this one.</remarks>
/// <param name="blobName">The blob's name in the store.</param>
/// <param name="version">The version it says it has.</param>
public sealed class UnsupportedFormatException(string blobName, int version)
    : CorruptBlobException(
        blobName,
        $"it has format version {version}",
        $"Blob '{blobName}' has format version {version}; this program knows version {BlobHeader.Version}. "
        + "Use a newer program.")
{
    /// <summary>Gets the version that the blob says it has.</summary>
    public int FormatVersion { get; } = version;
}

/// <summary>There is no repository in the store.</summary>
/// <param name="store">Where it was looked for.</param>
public sealed class RepositoryNotFoundException(string store)
    : VaultException($"There is no repository in {store}: it has no 'config'. Check the place, or run init.");

/// <summary>A repository can't be made where there is one already.</summary>
/// <param name="store">Where it is.</param>
public sealed class RepositoryExistsException(string store)
    : VaultException($"There is a repository in {store} already: choose another place.");

/// <summary>None of the repository's keys opens with the given secret.</summary>
/// <param name="store">Where the repository is.</param>
/// <param name="keys">How many keys were tried.</param>
public sealed class WrongKeyException(string store, int keys)
    : VaultException($"The secret opens none of the {keys} keys of the repository in {store}.");

/// <summary>A key that can only write was used to read.</summary>
/// <param name="what">What it was used for.</param>
public sealed class WriterKeyException(string what)
    : VaultException($"This key can only write: {what} needs a full key.");

/// <summary>A chunk is in no index, or all of its packs are gone.</summary>
/// <param name="chunk">The chunk's id.</param>
public sealed class MissingChunkException(string chunk)
    : VaultException(
        $"Chunk {chunk} is missing: no index names a pack that holds it. Run verify to see what it affects.")
{
    /// <summary>Gets the chunk's id.</summary>
    public string Chunk { get; } = chunk;
}

/// <summary>The repository was pruned while this writer's session had expired, so its snapshot isn't written.</summary>
public sealed class PrunedMeanwhileException()
    : VaultException("The repository was pruned while this backup was suspended: run the backup again.");

/// <summary>Another prune is running on the repository.</summary>
/// <param name="owner">Who runs it.</param>
public sealed class PruneRunningException(string owner)
    : VaultException($"A prune is running on {owner}: wait until it ends, or an hour after its last sign of life.");

/// <summary>There is no such snapshot.</summary>
/// <param name="name">What was asked for.</param>
public sealed class SnapshotNotFoundException(string name)
    : VaultException(name == "latest"
        ? "There is no 'latest': the repository has no snapshot yet."
        : $"There is no snapshot '{name}', or more than one begins so: list shows the ids.");
