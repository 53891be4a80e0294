namespace Continuity.Vault.Storage;

/// <summary>Reads that are built from the port's own.</summary>
public static class BlobStoreExtensions
{
    /// <summary>Reads a whole small blob.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The blob's name.</param>
    /// <param name="maxBytes">A longer blob is refused before memory is taken for it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>All of the blob's bytes.</returns>
    /// <exception cref="BlobNotFoundException">There is no such blob.</exception>
    /// <exception cref="InvalidDataException">The blob is longer than <paramref name="maxBytes"/>, or was replaced
    /// by one of another length while it was read.</exception>
    /// <exception cref="StoreException">The blob could not be read.</exception>
    public static async ValueTask<byte[]> GetWholeAsync(
        this IBlobStore store, string name, int maxBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var info = await store.StatAsync(name, cancellationToken)
            ?? throw new BlobNotFoundException(store.Description, name);
        if (info.Length > maxBytes)
        {
            throw new InvalidDataException(
                $"Blob '{name}' in {store.Description} is {info.Length} bytes long; at most {maxBytes} are expected.");
        }

        var content = new byte[info.Length];
        var read = content.Length == 0 ? 0 : await store.GetAsync(name, 0, content, cancellationToken);
        return read == content.Length
            ? content
            : throw new InvalidDataException(
                $"Blob '{name}' in {store.Description} ended after {read} of {content.Length} bytes.");
    }
}
