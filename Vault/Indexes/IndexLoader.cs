using System.Collections.Concurrent;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Indexes;

/// <summary>Reads the repository's index: all index blobs, marks and tombstones.</summary>
internal static class IndexLoader
{
    private const int ConcurrentReads = 4;

    /// <summary>Reads the index.</summary>
    /// <param name="store">The repository's blobs.</param>
    /// <param name="onDamaged">Told of each damaged blob, which is then left out; null makes damage an error.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<LoadedIndex> LoadAsync(
        SealedStore store, Action<CorruptBlobException>? onDamaged, CancellationToken cancellationToken)
    {
        // Marks first: a pack that was marked before this call began is known as marked.
        var doomed = await ReadDoomedAsync(store, onDamaged, cancellationToken);
        var loading = new Loading();
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = ConcurrentReads,
            CancellationToken = cancellationToken,
        };
        do
        {
            loading.Vanished = false;
            var unread = store.ListAsync(BlobNames.Indexes, cancellationToken)
                .Where(listed => !loading.Blobs.ContainsKey(listed.Id));
            await Parallel.ForEachAsync(unread, parallel, async (listed, token) =>
            {
                try
                {
                    loading.Add(listed.Id, listed.Blob.Name, await store.TryReadAsync(
                        listed.Blob.Name, BlobKind.Index, listed.Id, token));
                }
                catch (CorruptBlobException exception) when (onDamaged is not null)
                {
                    loading.Blobs.TryAdd(listed.Id, false);
                    onDamaged(exception);
                }
            });
        }
        while (loading.Vanished);

        Degrade(loading.Packs, doomed);
        if (doomed.IsUncertain)
        {
            // Any pack could be one that the unreadable list names.
            foreach (var pack in loading.Packs.ToArray())
            {
                loading.Packs.Degrade(pack.Id, PackState.Marked);
            }
        }

        return new LoadedIndex(
            new ChunkIndex(loading.Packs, loading.Builder.Build()),
            [.. loading.Blobs.Where(blob => blob.Value).Select(blob => blob.Key)],
            doomed);
    }

    /// <summary>Reads which packs someone means to delete or has deleted.</summary>
    public static async Task<DoomedPacks> ReadDoomedAsync(
        SealedStore store, Action<CorruptBlobException>? onDamaged, CancellationToken cancellationToken)
    {
        var doomed = new DoomedPacks([], [], false);
        var isCertain = await ReadPackListsAsync(
            store, BlobKind.Mark, doomed.Marked, onDamaged, cancellationToken);
        isCertain &= await ReadPackListsAsync(
            store, BlobKind.Tombstone, doomed.Entombed, onDamaged, cancellationToken);
        return doomed with { IsUncertain = !isCertain };
    }

    public static void Degrade(PackTable packs, DoomedPacks doomed)
    {
        foreach (var pack in doomed.Marked)
        {
            packs.Degrade(pack, PackState.Marked);
        }

        foreach (var pack in doomed.Entombed)
        {
            packs.Degrade(pack, PackState.Entombed);
        }
    }

    /// <summary>Reads the lists of one kind.</summary>
    /// <returns>Whether all of them were sound.</returns>
    private static async Task<bool> ReadPackListsAsync(
        SealedStore store, BlobKind kind, HashSet<BlobId> packs, Action<CorruptBlobException>? onDamaged,
        CancellationToken cancellationToken)
    {
        var isCertain = true;
        var prefix = kind == BlobKind.Mark ? BlobNames.Marks : BlobNames.Tombstones;
        await foreach (var (blob, id) in store.ListAsync(prefix, cancellationToken))
        {
            try
            {
                var content = await store.TryReadAsync(blob.Name, kind, id, cancellationToken);
                packs.UnionWith(PackList.Read(content, blob.Name));
            }
            catch (CorruptBlobException exception) when (onDamaged is not null)
            {
                isCertain = false;
                onDamaged(exception);
            }
        }

        return isCertain;
    }

    /// <summary>What has been read so far, by several readers at once.</summary>
    private sealed class Loading
    {
        private readonly Lock _lock = new();

        public PackTable Packs { get; } = new();

        public ChunkTable.Builder Builder { get; } = new();

        /// <summary>The index blobs that were read, and whether they were sound.</summary>
        public ConcurrentDictionary<BlobId, bool> Blobs { get; } = [];

        /// <summary>Whether a blob was deleted since it was listed. Its replacement may have come after the listing,
        /// so another look is needed.</summary>
        public bool Vanished { get; set; }

        public void Add(BlobId blob, string name, byte[]? content)
        {
            if (content is null)
            {
                Vanished = true;
                return;
            }

            var packs = IndexedPack.ReadAll(content, name);
            lock (_lock)
            {
                foreach (var pack in packs)
                {
                    Append(pack);
                }
            }

            Blobs.TryAdd(blob, true);
        }

        private void Append(IndexedPack pack)
        {
            var number = Packs.Add(pack.Id, pack.Kind, pack.Length);
            var offset = BlobHeader.Length;
            foreach (var entry in pack.Entries)
            {
                Builder.Add(new ChunkLocation(number, offset, entry));
                offset += entry.FrameLength;
            }
        }
    }
}

/// <summary>The index, and which blobs it was read from.</summary>
internal sealed record LoadedIndex(ChunkIndex Index, IReadOnlyList<BlobId> Blobs, DoomedPacks Doomed);

/// <summary>Packs named in marks, and in tombstones.</summary>
/// <param name="Marked">Packs that someone means to delete.</param>
/// <param name="Entombed">Packs that are being deleted, or are gone.</param>
/// <param name="IsUncertain">Whether one of the lists is damaged: a writer then relies on no pack but its own.</param>
internal sealed record DoomedPacks(HashSet<BlobId> Marked, HashSet<BlobId> Entombed, bool IsUncertain);
