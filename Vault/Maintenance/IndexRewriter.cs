using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;

namespace Continuity.Vault.Maintenance;

/// <summary>Replaces index blobs by ones that don't name deleted packs.</summary>
internal static class IndexRewriter
{
    // So many small index blobs are joined although none of them names a deleted pack: opening reads them all.
    private const int ManyBlobs = 32;

    /// <summary>Removes packs from the index.</summary>
    /// <param name="store">The repository's blobs.</param>
    /// <param name="blobs">The index blobs that the caller has read; no others are replaced.</param>
    /// <param name="removed">The packs to leave out.</param>
    /// <param name="cancellationToken">Ends the call; the index is then as before, or has both old and new
    /// blobs.</param>
    public static async Task RemoveAsync(
        SealedStore store, IReadOnlyCollection<BlobId> blobs, HashSet<BlobId> removed,
        CancellationToken cancellationToken)
    {
        var replaced = new List<string>();
        using var writer = new IndexWriter(store);
        foreach (var blob in blobs)
        {
            var name = BlobNames.Index(blob);
            if (await store.TryReadAsync(name, BlobKind.Index, blob, cancellationToken) is not { } content)
            {
                continue;
            }

            var packs = IndexedPack.ReadAll(content, name);
            if (blobs.Count < ManyBlobs && !packs.Exists(pack => removed.Contains(pack.Id)))
            {
                continue;
            }

            foreach (var pack in packs.Where(pack => !removed.Contains(pack.Id)))
            {
                await writer.AddAsync(pack, cancellationToken);
            }

            replaced.Add(name);
        }

        // The replacement is durable before anything it replaces goes: at every moment the index is whole.
        await writer.FlushAsync(cancellationToken);
        foreach (var name in replaced)
        {
            await store.Blobs.DeleteAsync(name, cancellationToken);
        }
    }
}
