using System.Runtime.CompilerServices;
using Continuity.Vault.Formats;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Crypto;

/// <summary>Reads and writes the sealed blobs of a repository.</summary>
internal sealed class SealedStore(IBlobStore store, KeyRing keys)
{
    private const int OverheadBytes = 128;
    private const int MaximumBytes = FormatLimits.SealedBodyBytes + OverheadBytes;

    public IBlobStore Blobs => store;

    public KeyRing Keys => keys;

    /// <summary>Writes content as a new blob; durable when the call returns.</summary>
    public async ValueTask WriteAsync(
        string name, BlobKind kind, BlobId id, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        await store.PutAsync(name, SealedBlob.Seal(keys, kind, id, content.Span), PutCondition.None, cancellationToken);

    public async ValueTask<byte[]> ReadAsync(
        string name, BlobKind kind, BlobId? id, CancellationToken cancellationToken) =>
        (await OpenAsync(name, kind, id, cancellationToken)).Bytes;

    /// <summary>Reads a blob unless it is gone: someone deleted it since it was listed.</summary>
    public async ValueTask<byte[]?> TryReadAsync(
        string name, BlobKind kind, BlobId? id, CancellationToken cancellationToken) =>
        (await TryOpenAsync(name, kind, id, cancellationToken))?.Bytes;

    /// <summary>Reads a blob, and tells which kind of key it was written with, unless it is gone.</summary>
    public async ValueTask<SealedContent?> TryOpenAsync(
        string name, BlobKind kind, BlobId? id, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(name, kind, id, cancellationToken);
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Lists the blobs below a prefix whose names end with an id; other names are none of the
    /// repository's.</summary>
    public async IAsyncEnumerable<(BlobInfo Blob, BlobId Id)> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in store.ListAsync(prefix, cancellationToken))
        {
            if (BlobNames.TryParseId(blob.Name, out var id))
            {
                yield return (blob, id);
            }
        }
    }

    private async ValueTask<SealedContent> OpenAsync(
        string name, BlobKind kind, BlobId? id, CancellationToken cancellationToken)
    {
        byte[] blob;
        try
        {
            blob = await store.GetWholeAsync(name, MaximumBytes, cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw new CorruptBlobException(name, exception.Message, exception);
        }

        return SealedBlob.Open(keys, blob, name, kind, id);
    }
}
