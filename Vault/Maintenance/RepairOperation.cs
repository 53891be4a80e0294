using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Maintenance;

/// <summary>What a repair did.</summary>
/// <param name="MendedPacks">Packs that parity brought back, to the bit.</param>
/// <param name="LostPacks">Damaged packs that couldn't be mended; verify says which files they cost.</param>
/// <param name="ReindexedPacks">Packs that were in no sound index and are now in one.</param>
/// <param name="RemovedIndexes">Damaged index blobs that were replaced.</param>
public sealed record RepairResult(
    IReadOnlyList<string> MendedPacks, IReadOnlyList<string> LostPacks, int ReindexedPacks,
    IReadOnlyList<string> RemovedIndexes);

/// <summary>Mends what can be mended: packs from their parity, the index from the packs.</summary>
/// <remarks>It only ever adds what is proven and replaces what is proven broken; backups may run meanwhile. What is
/// lost for good stays listed by verify: a new backup of files that still exist stores their chunks again.</remarks>
public static class RepairOperation
{
    /// <summary>Repairs.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="cancellationToken">Ends the repair; it may be repeated.</param>
    /// <returns>What was done.</returns>
    public static async Task<RepairResult> RunAsync(Repository repository, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var store = repository.Store;
        await using var session = await Session.BeginAsync(
            store, SessionKind.Write, repository.Time, cancellationToken);
        var damagedIndexes = new List<string>();
        var loaded = await IndexLoader.LoadAsync(
            store,
            exception =>
            {
                lock (damagedIndexes)
                {
                    damagedIndexes.Add(exception.BlobName);
                }
            },
            cancellationToken);
        damagedIndexes.RemoveAll(name => !name.StartsWith(BlobNames.Indexes, StringComparison.Ordinal));
        var mended = new List<string>();
        var lost = new List<string>();
        var reindexed = 0;
        using var index = new IndexWriter(store);
        var packs = new List<(BlobInfo Blob, BlobId Id)>();
        await foreach (var listed in store.ListAsync(BlobNames.Packs, cancellationToken))
        {
            packs.Add(listed);
        }

        foreach (var (blob, id) in packs)
        {
            var state = await CheckAsync(store, blob, id, cancellationToken);
            (state.WasMended ? mended : state.Pack is null ? lost : null)?.Add(blob.Name);
            var isIndexed = loaded.Index.Packs.TryGetNumber(id, out _);
            if (state.Pack is { } pack && !isIndexed && !loaded.Doomed.Entombed.Contains(id))
            {
                await index.AddAsync(pack, cancellationToken);
                reindexed++;
            }
        }

        await index.FlushAsync(cancellationToken);
        foreach (var name in damagedIndexes)
        {
            await store.Blobs.DeleteAsync(name, cancellationToken);
        }

        return new RepairResult(mended, lost, reindexed, damagedIndexes);
    }

    private static async Task<(IndexedPack? Pack, bool WasMended)> CheckAsync(
        SealedStore store, BlobInfo blob, BlobId id, CancellationToken cancellationToken)
    {
        if (blob.Length > FormatLimits.PackBytes)
        {
            return (null, false);
        }

        var content = new byte[blob.Length];
        await store.Blobs.GetAsync(blob.Name, 0, content, cancellationToken);
        if (TryOpen(store.Keys, id, content) is { } sound)
        {
            return (sound, false);
        }

        byte[] parity;
        try
        {
            parity = await store.Blobs.GetWholeAsync(
                BlobNames.Parity(id), PackParity.MaximumBytes, cancellationToken);
            if (PackParity.Mend(id, content, parity) <= 0)
            {
                return (null, false);
            }
        }
        catch (Exception exception)
            when (exception is BlobNotFoundException or CorruptBlobException or InvalidDataException)
        {
            return (null, false);
        }

        // Parity isn't authenticated: what it yields counts only if every frame is the writer's.
        if (TryOpen(store.Keys, id, content) is not { } rebuilt)
        {
            return (null, false);
        }

        await store.Blobs.PutAsync(blob.Name, content, PutCondition.None, cancellationToken);
        return (rebuilt, true);
    }

    /// <summary>Reads a pack if all of it authenticates.</summary>
    private static IndexedPack? TryOpen(KeyRing keys, BlobId id, ReadOnlySpan<byte> content)
    {
        if (content.Length < BlobHeader.Length)
        {
            return null;
        }

        var kind = (BlobKind)content[10];
        if (kind is not (BlobKind.DataPack or BlobKind.ManifestPack))
        {
            return null;
        }

        try
        {
            using var reader = new PackReader(keys, id, kind, content);
            var entries = reader.OpenWhole(content);
            var payload = new byte[FormatLimits.ChunkBytes + FormatLimits.PayloadSlackBytes];
            var offset = BlobHeader.Length;
            foreach (var entry in entries)
            {
                reader.OpenFrame(entry, offset, content.Slice(offset, entry.FrameLength), payload);
                offset += entry.FrameLength;
            }

            return new IndexedPack(id, kind, content.Length, entries);
        }
        catch (Exception exception) when (exception is CorruptBlobException or UnsupportedFormatException)
        {
            return null;
        }
    }
}
