namespace Continuity.Vault.Storage;

/// <summary>The port to a place that keeps blobs: a folder, an object store, a remote file system.</summary>
/// <remarks>
/// <para>A blob is written whole and never changed in place. Four promises hold for every implementation, and one
/// contract test suite checks them:</para>
/// <list type="bullet">
/// <item><b>Atomicity.</b> A reader, a listing and a crash see a blob whole or not at all, never a part of it.</item>
/// <item><b>Durability.</b> When <see cref="PutAsync"/> or <see cref="DeleteAsync"/> returns, its effect survives the
/// loss of this process and, as far as <see cref="StoreCapabilities.Durability"/> says, the loss of power.</item>
/// <item><b>Read after write.</b> What a completed put wrote is seen by every get, stat and listing that begins
/// later.</item>
/// <item><b>Errors.</b> Failures are thrown as a <see cref="StoreException"/>: <see cref="BlobNotFoundException"/>,
/// <see cref="StoreUnavailableException"/> (try again later), <see cref="StoreAccessDeniedException"/> or
/// <see cref="StoreFullException"/>. When a put or delete throws, its effect is unknown: it may still have
/// happened.</item>
/// </list>
/// <para>All members may be called from many threads at once. Names follow <see cref="BlobName"/>.</para>
/// </remarks>
public interface IBlobStore : IAsyncDisposable
{
    /// <summary>Where the store is, without secrets, for messages.</summary>
    string Description { get; }

    /// <summary>Tells what this store can do with these credentials; asked once, then remembered.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The capabilities.</returns>
    /// <exception cref="StoreException">The store could not be asked.</exception>
    ValueTask<StoreCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken);

    /// <summary>Writes a whole blob.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="content">All of its bytes; must not change until the call ends. A buffer of
    /// <see cref="AlignedMemoryPool"/> spares the local store a copy.</param>
    /// <param name="condition">Whether an existing blob may be replaced.</param>
    /// <param name="cancellationToken">Ends the call; the effect is then unknown, as after an error.</param>
    /// <returns><see cref="PutOutcome.AlreadyExists"/> if <paramref name="condition"/> kept the existing
    /// blob.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid <see cref="BlobName"/>.</exception>
    /// <exception cref="StoreException">The blob may or may not have been written.</exception>
    ValueTask<PutOutcome> PutAsync(
        string name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken);

    /// <summary>Reads a range of a blob into the caller's buffer, as far as the blob reaches.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="offset">Where the range begins, in bytes; may lie at or behind the blob's end.</param>
    /// <param name="destination">Filled from its start.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The bytes read: less than the buffer's length only where the blob ends, 0 at or behind its
    /// end.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid <see cref="BlobName"/>.</exception>
    /// <exception cref="BlobNotFoundException">There is no such blob.</exception>
    /// <exception cref="StoreException">The range could not be read.</exception>
    ValueTask<int> GetAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Tells a blob's length and age.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The blob, or <see langword="null"/> if there is none.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid <see cref="BlobName"/>.</exception>
    /// <exception cref="StoreException">The store could not be asked.</exception>
    ValueTask<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken);

    /// <summary>Lists the blobs whose names begin with a prefix, in no particular order.</summary>
    /// <param name="prefix">Empty for all; otherwise the beginning of a name, which may end inside a segment.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>Each blob once. Blobs put or deleted while the listing runs may or may not be in it.</returns>
    /// <exception cref="ArgumentException"><paramref name="prefix"/> cannot begin any
    /// <see cref="BlobName"/>.</exception>
    /// <exception cref="StoreException">The listing broke off; what was returned so far is not all.</exception>
    IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Removes a blob; does nothing if there is none.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="cancellationToken">Ends the call; the effect is then unknown, as after an error.</param>
    /// <returns>A task that completes when the blob is gone.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid <see cref="BlobName"/>.</exception>
    /// <exception cref="StoreAccessDeniedException">The credentials, a lock or a retention rule forbid it.</exception>
    /// <exception cref="StoreException">The blob may or may not be gone.</exception>
    ValueTask DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Removes a blob that may come back after a crash of the store: nothing is waited for but that it is gone
    /// now.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="cancellationToken">Ends the call; the effect is then unknown, as after an error.</param>
    /// <returns>A task that completes when the blob is gone.</returns>
    /// <remarks>Only for blobs that do no harm then, such as a session that expires.</remarks>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid <see cref="BlobName"/>.</exception>
    /// <exception cref="StoreAccessDeniedException">The credentials, a lock or a retention rule forbid it.</exception>
    /// <exception cref="StoreException">The blob may or may not be gone.</exception>
    ValueTask DropAsync(string name, CancellationToken cancellationToken) => DeleteAsync(name, cancellationToken);

    /// <summary>Removes what interrupted puts left behind (temporary files, unfinished uploads). Such remains are never
    /// listed or read; they only cost space. A store that can tell leaves running puts alone.</summary>
    /// <param name="minimumAge">Only remains at least this old by the store's clock are removed; longer than any put
    /// takes, since not every store can tell a running put from remains.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many remains were removed.</returns>
    /// <exception cref="StoreException">Not all could be removed; call again later.</exception>
    ValueTask<int> RemoveAbandonedAsync(TimeSpan minimumAge, CancellationToken cancellationToken);
}
