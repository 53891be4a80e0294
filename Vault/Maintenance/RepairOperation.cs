using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Maintenance;

/// <summary>What a repair did, or would do.</summary>
/// <param name="MendedPacks">Packs that parity brought back, to the bit.</param>
/// <param name="LostPacks">Packs that are missing, or damaged and couldn't be mended: they are out of the index now,
/// and what was sound in them is in other packs.</param>
/// <param name="ReindexedPacks">Packs that were in no sound index and are now in one.</param>
/// <param name="RemovedIndexes">Damaged index blobs that were replaced.</param>
/// <param name="LostSnapshots">Snapshot blobs that are damaged; nothing mends them.</param>
/// <param name="Affected">What can't be restored whole after the repair: `snapshot: path`, at most 10,000.</param>
public sealed record RepairResult(
    IReadOnlyList<string> MendedPacks, IReadOnlyList<string> LostPacks, int ReindexedPacks,
    IReadOnlyList<string> RemovedIndexes, IReadOnlyList<string> LostSnapshots, IReadOnlyList<string> Affected);

/// <summary>Mends what can be mended: packs from their parity, the index from the packs.</summary>
/// <remarks>It only ever adds what is proven and leaves out what is proven broken; backups may run meanwhile. A new
/// backup of files that still exist stores again what was lost, and so heals the older snapshots that hold the same
/// content.</remarks>
public static class RepairOperation
{
    /// <summary>Repairs.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="cancellationToken">Ends the repair; it may be repeated.</param>
    /// <returns>What was done, and what is lost.</returns>
    public static async Task<RepairResult> RunAsync(
        Repository repository, IProgress<VerifyProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        await using var session = await Session.BeginAsync(
            repository.Store, SessionKind.Write, repository.Time, cancellationToken);
        var damage = new Damage();
        var snapshots = await SnapshotStore.ReadAllAsync(repository.Store, damage.Add, cancellationToken);
        var loaded = await IndexLoader.LoadAsync(repository.Store, damage.Add, cancellationToken);
        var packs = await CheckPacksAsync(repository, loaded, progress, cancellationToken);
        await MoveSoundChunksAsync(repository, loaded.Index, packs.Lost, cancellationToken);
        await ReplaceIndexAsync(repository, loaded, packs, damage, cancellationToken);
        return new RepairResult(
            [.. packs.Mended.Select(BlobNames.Pack)],
            [.. packs.Lost.Select(pack => BlobNames.Pack(pack.Id))],
            packs.Unindexed.Count,
            damage.Below(BlobNames.Indexes),
            damage.Below(BlobNames.Snapshots),
            await FindAffectedAsync(repository, snapshots, cancellationToken));
    }

    /// <summary>Repairs a picture of the repository, which itself stays as it is.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="cancellationToken">Ends the repair.</param>
    /// <returns>What a repair would do, and what would be lost.</returns>
    /// <remarks>What the repair would write goes to a folder for temporary files, encrypted as it would be in the
    /// repository, and is deleted at the end.</remarks>
    public static async Task<RepairResult> TryOutAsync(
        Repository repository, IProgress<VerifyProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var folder = Directory.CreateTempSubdirectory("continuity-repair-");
        try
        {
            await using var above = new LocalBlobStore(
                folder.FullName, new LocalBlobStoreOptions { Flush = false }, repository.Time);
            await using var picture = new OverlayBlobStore(repository.Store.Blobs, above);
            return await RunAsync(repository.Through(picture), progress, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<PackStates> CheckPacksAsync(
        Repository repository, LoadedIndex loaded, IProgress<VerifyProgress>? progress,
        CancellationToken cancellationToken)
    {
        var checker = new PackMender(repository.Store);
        var listed = await repository.Store.ListAsync(BlobNames.Packs, cancellationToken)
            .ToListAsync(cancellationToken);
        var states = new PackStates();
        // What is being deleted on purpose is nobody's loss.
        var missing = loaded.Index.Packs.ToArray()
            .Where(pack => pack.State != PackState.Entombed)
            .ToDictionary(pack => pack.Id);
        long bytes = 0;
        for (var i = 0; i < listed.Count; i++)
        {
            var (blob, id) = listed[i];
            progress?.Report(new VerifyProgress(i, listed.Count, bytes));
            var checkedPack = await checker.CheckAsync(blob, id, cancellationToken);
            bytes += blob.Length;
            if (checkedPack.WasMended)
            {
                states.Mended.Add(id);
            }

            if (checkedPack.Pack is { } sound)
            {
                if (!missing.Remove(id) && !loaded.Doomed.Entombed.Contains(id))
                {
                    states.Unindexed.Add(sound);
                }
            }
        }

        states.Lost.AddRange(missing.Values);
        return states;
    }

    private static async Task MoveSoundChunksAsync(
        Repository repository, ChunkIndex index, List<PackInfo> lost, CancellationToken cancellationToken)
    {
        if (lost.Count == 0)
        {
            return;
        }

        await using var packs = new PackWriter(repository.Store, index, repository.Config);
        var salvage = new PackSalvage(repository.Store, index, packs);
        await Task.Factory.StartNew(
            () => salvage.Move(lost, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await packs.CompleteAsync(cancellationToken);
    }

    // What is proven comes into the index before what is broken leaves it.
    private static async Task ReplaceIndexAsync(
        Repository repository, LoadedIndex loaded, PackStates packs, Damage damage,
        CancellationToken cancellationToken)
    {
        using (var index = new IndexWriter(repository.Store))
        {
            foreach (var pack in packs.Unindexed)
            {
                await index.AddAsync(pack, cancellationToken);
            }

            await index.FlushAsync(cancellationToken);
        }

        if (packs.Lost.Count > 0)
        {
            await IndexRewriter.RemoveAsync(
                repository.Store, loaded.Blobs, [.. packs.Lost.Select(pack => pack.Id)], cancellationToken);
        }

        foreach (var name in damage.Below(BlobNames.Indexes))
        {
            await repository.Store.Blobs.DeleteAsync(name, cancellationToken);
        }
    }

    private static async Task<List<string>> FindAffectedAsync(
        Repository repository, IReadOnlyList<SnapshotInfo> snapshots, CancellationToken cancellationToken)
    {
        var loaded = await IndexLoader.LoadAsync(repository.Store, _ => { }, cancellationToken);
        var findings = new VerifyFindings(cancellationToken);
        return await Task.Factory.StartNew(
            () => new TreeVerifier(repository, loaded.Index, findings).Run(snapshots), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The packs of the repository after a look at each.</summary>
    private sealed class PackStates
    {
        public List<BlobId> Mended { get; } = [];

        public List<PackInfo> Lost { get; } = [];

        public List<IndexedPack> Unindexed { get; } = [];
    }

    /// <summary>The blobs that couldn't be read, told by several readers at once.</summary>
    private sealed class Damage
    {
        private readonly Lock _lock = new();
        private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

        public void Add(CorruptBlobException exception)
        {
            // What a newer program wrote is that program's to repair.
            if (exception is UnsupportedFormatException)
            {
                throw exception;
            }

            lock (_lock)
            {
                _names.Add(exception.BlobName);
            }
        }

        public IReadOnlyList<string> Below(string prefix) =>
            [.. _names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
    }
}
