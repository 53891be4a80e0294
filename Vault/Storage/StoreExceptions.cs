namespace Continuity.Vault.Storage;

/// <summary>A store failed. The message names the store, the blob and what to do.</summary>
public abstract class StoreException : IOException
{
    private protected StoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>There is no such blob.</summary>
/// <param name="store">The store's <see cref="IBlobStore.Description"/>.</param>
/// <param name="name">The blob that was asked for.</param>
/// <param name="innerException">The cause, if any.</param>
public sealed class BlobNotFoundException(string store, string name, Exception? innerException = null)
    : StoreException($"There is no blob '{name}' in {store}.", innerException)
{
    /// <summary>Gets the name that was asked for.</summary>
    public string BlobName { get; } = name;
}

/// <summary>The store could not do it now (network, time-out, throttling, I/O error): trying again may help.</summary>
/// <param name="message">What failed, where, and why.</param>
/// <param name="innerException">The cause, if any.</param>
public sealed class StoreUnavailableException(string message, Exception? innerException = null)
    : StoreException(message, innerException)
{
    /// <summary>Gets how long the store asked to be left alone, if it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>The store refuses: wrong credentials, a missing permission, a lock, or a put-only store that was
/// read.</summary>
/// <param name="message">What was refused, where, and why.</param>
/// <param name="innerException">The cause, if any.</param>
public sealed class StoreAccessDeniedException(string message, Exception? innerException = null)
    : StoreException(message, innerException);

/// <summary>The store has no room left for the blob (disk full, quota reached).</summary>
/// <param name="message">What did not fit, and where.</param>
/// <param name="innerException">The cause, if any.</param>
public sealed class StoreFullException(string message, Exception? innerException = null)
    : StoreException(message, innerException);
