using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Repositories;

/// <summary>The key blobs of a repository.</summary>
internal static class KeyStore
{
    private const int WriterKeyBytes = 3 * KeyRing.KeyBytes;

    /// <summary>Wraps the repository's secret for one more holder; durable when the call returns.</summary>
    public static async Task<KeyDescription> AddAsync(
        IBlobStore store, KeyRing keys, RepositoryConfig config, NewKey key, CancellationToken cancellationToken)
    {
        var id = BlobId.NewRandom();
        var description = new KeyDescription(id.ToString(), key.Kind, key.Label, key.Created);
        var content = key.Kind == KeyKind.Full
            ? keys.ExportRepositoryKey().ToArray()
            : [.. keys.ChunkIdKey, .. keys.GearKey, .. keys.PublicKey, .. config.Write().Span];
        var blob = KeyBlob.Wrap(description, keys.RepositoryId, content, key.Secret);
        await store.PutAsync(BlobNames.Key(id), blob, PutCondition.None, cancellationToken);
        return description;
    }

    /// <summary>Reads all keys that are sound; a damaged one must not lock out the holders of the others.</summary>
    public static async Task<List<(StoredKey Key, BlobId Id)>> ReadAllAsync(
        IBlobStore store, Action<CorruptBlobException>? onDamaged, CancellationToken cancellationToken)
    {
        var keys = new List<(StoredKey, BlobId)>();
        await foreach (var blob in store.ListAsync(BlobNames.Keys, cancellationToken))
        {
            if (!BlobNames.TryParseId(blob.Name, out var id))
            {
                continue;
            }

            try
            {
                var content = await store.GetWholeAsync(blob.Name, KeyBlob.MaximumBytes, cancellationToken);
                var key = KeyBlob.Read(content, blob.Name);
                keys.Add(key.Description.Id == id.ToString()
                    ? (key, id)
                    : throw new CorruptBlobException(blob.Name, $"it says to be key {key.Description.Id}"));
            }
            catch (BlobNotFoundException)
            {
                // Removed since it was listed.
            }
            catch (Exception exception) when (exception is CorruptBlobException or InvalidDataException)
            {
                var damage = exception as CorruptBlobException
                    ?? new CorruptBlobException(blob.Name, exception.Message, exception);
                if (onDamaged is null)
                {
                    throw damage;
                }

                onDamaged(damage);
            }
        }

        return keys;
    }

    /// <summary>Opens the first key that fits a secret.</summary>
    /// <returns>The repository's keys, from a writer's key the parameters that it couldn't read elsewhere, and which
    /// key it was.</returns>
    public static (KeyRing Keys, RepositoryConfig? Config, KeyDescription Key)? Open(
        IReadOnlyList<(StoredKey Key, BlobId Id)> stored, BlobId repositoryId, KeySecret secret)
    {
        foreach (var (key, id) in stored)
        {
            if (KeyBlob.Unwrap(key, repositoryId, secret) is not { } content)
            {
                continue;
            }

            if (key.Description.Kind == KeyKind.Full && content.Length == KeyRing.KeyBytes)
            {
                return (KeyRing.FromRepositoryKey(repositoryId, content), null, key.Description);
            }

            if (key.Description.Kind == KeyKind.Writer && content.Length > WriterKeyBytes)
            {
                return (
                    KeyRing.FromWriterKeys(repositoryId, content[..32], content[32..64], content[64..96]),
                    RepositoryConfig.Read(content.AsSpan(WriterKeyBytes), BlobNames.Key(id)),
                    key.Description);
            }

            throw new CorruptBlobException(BlobNames.Key(id), "what it wraps isn't a key");
        }

        return null;
    }
}

/// <summary>A key to be added.</summary>
internal sealed record NewKey(KeyKind Kind, string Label, DateTimeOffset Created, KeySecret Secret);
