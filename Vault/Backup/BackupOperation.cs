using Continuity.Vault.Checkpoints;
using Continuity.Vault.Chunks;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Storage;
using Continuity.Vault.Workers;

namespace Continuity.Vault.Backup;

/// <summary>Makes a snapshot of folders and files.</summary>
/// <remarks>
/// <para>The steps are those of the format's section 8: a session, then marks, tombstones, snapshots and index, then
/// packs, their index, and the snapshot. A backup that ends early, at any point and for any reason, leaves garbage at
/// worst; its indexed packs are found by the next one.</para>
/// <para>Memory is bounded by the buffers: segments, packs and what a worker owns, beside the index.</para>
/// </remarks>
public static class BackupOperation
{
    private const int JobsInQueue = 16;

    // More than a bundle may hold, or the reader would wait for a bundle that waits for the reader.
    private const int PlannedEntries = 2 * BundleBuilder.MaximumEntries;

    /// <summary>Makes a snapshot.</summary>
    /// <param name="repository">Where to.</param>
    /// <param name="options">What.</param>
    /// <param name="progress">Told how far it is, a few times a second at most; may be null.</param>
    /// <param name="cancellationToken">Ends the backup without a snapshot.</param>
    /// <returns>The snapshot, which is durable.</returns>
    /// <exception cref="FileNotFoundException">A root doesn't exist.</exception>
    /// <exception cref="PrunedMeanwhileException">The repository was pruned while this backup was
    /// suspended.</exception>
    /// <exception cref="StoreException">The store failed.</exception>
    /// <exception cref="IncompleteCheckpointException">The source isn't whole, and the policy asks for it.</exception>
    public static async Task<BackupResult> RunAsync(
        Repository repository, BackupOptions options, IProgress<BackupProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        if (options.Roots.FirstOrDefault(root => !Path.Exists(root)) is { } missing)
        {
            throw new FileNotFoundException($"There is nothing to back up at '{missing}'.", missing);
        }

        if (options.DryRun)
        {
            repository = repository.Through(new DiscardingBlobStore(repository.Store.Blobs));
        }

        var guard = new CheckpointGuard(options.Checkpoints, options.Roots, options.Exclude, repository.Time);
        while (true)
        {
            if (guard.MayWait)
            {
                // Before anything is asked of the repository: what was read there would be old after the wait.
                await guard.BeginAsync(cancellationToken);
            }

            if (await ReadAndCommitAsync(repository, options, guard, progress, cancellationToken) is { } result)
            {
                return result;
            }
        }
    }

    /// <summary>Reads everything once, and makes the snapshot if the source was whole.</summary>
    /// <returns>The snapshot, or null if the source must be read again; what was stored is then found.</returns>
    private static async Task<BackupResult?> ReadAndCommitAsync(
        Repository repository, BackupOptions options, CheckpointGuard guard, IProgress<BackupProgress>? progress,
        CancellationToken cancellationToken)
    {
        var started = UnixTime.ToNanoseconds(repository.Time.GetUtcNow());
        await using var looking = new SourceLook(guard, cancellationToken);
        await using var session = await Session.BeginAsync(
            repository.Store, SessionKind.Write, repository.Time, cancellationToken);
        using var walker = new SourceWalker(options);
        // What a damaged index names is stored again: damage must not keep new snapshots from being made.
        var loaded = repository.CanRead
            ? await IndexLoader.LoadAsync(repository.Store, _ => { }, cancellationToken)
            : new LoadedIndex(new ChunkIndex(new PackTable(), ChunkTable.Empty), [], new DoomedPacks([], [], false));
        var parent = repository.CanRead
            ? await FindParentAsync(repository, options, walker.Roots, cancellationToken)
            : null;
        await using var packs = new PackWriter(repository.Store, loaded.Index, repository.Config);
        var reporter = progress is null ? null : new ProgressReporter(progress, repository.Time);
        await looking.WaitAsync();
        var run = new BackupRun(repository, options, loaded.Index, packs, reporter);
        var record = await Task.Factory.StartNew(
            () => run.Execute(walker, parent, cancellationToken), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (await CompleteAsync(packs, guard, cancellationToken) is not { } consistency)
        {
            return null;
        }

        var statistics = record.Statistics with { NewStoredBytes = packs.StoredBytes };
        record = record with { Time = started, Statistics = statistics, Consistency = consistency };
        var id = await SnapshotCommit.RunAsync(repository, session, loaded, record, cancellationToken);
        reporter?.Finish(statistics, packs.StoredBytes);
        return new BackupResult(id, parent?.Id, statistics, run.Problems, consistency)
        {
            RecognisedBytes = run.RecognisedBytes,
        };
    }

    /// <summary>Puts what is left, and meanwhile looks again at the source.</summary>
    private static async Task<string?> CompleteAsync(
        PackWriter packs, CheckpointGuard guard, CancellationToken cancellationToken)
    {
        var completing = packs.CompleteAsync(cancellationToken);
        try
        {
            return await guard.ConfirmAsync(cancellationToken);
        }
        finally
        {
            // Also where the source didn't keep still: what is stored and indexed now, the next backup finds.
            await completing;
        }
    }

    private static async Task<SnapshotInfo?> FindParentAsync(
        Repository repository, BackupOptions options, IReadOnlyList<byte[]> roots, CancellationToken cancellationToken)
    {
        // A damaged snapshot can't be the one to compare with, and mustn't keep new ones from being made. One made with
        // a writer's key isn't: who holds such a key could have a file pass for unchanged that never was like that.
        var snapshots = await SnapshotStore.ReadAllAsync(repository.Store, _ => { }, cancellationToken);
        return snapshots.LastOrDefault(snapshot =>
            !snapshot.IsByWriterKey
            && snapshot.Host == options.Host
            && snapshot.Record.Roots.Count == roots.Count
            && snapshot.Record.Roots.Zip(roots).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));
    }

    /// <summary>The part of a backup that runs on threads of its own.</summary>
    private sealed class BackupRun(
        Repository repository, BackupOptions options, ChunkIndex index, PackWriter packs, ProgressReporter? reporter)
    {
        private readonly StoreCounters _counters = new();

        public IReadOnlyList<string> Problems { get; private set; } = [];

        public long RecognisedBytes => _counters.RecognisedBytes;

        public SnapshotRecord Execute(SourceWalker walker, SnapshotInfo? parent, CancellationToken cancellationToken)
        {
            var keys = repository.Store.Keys;
            using var workers = new WorkerGroup<ChunkJob>(
                "vault backup", options.Workers, JobsInQueue,
                () => new StoreWorker(
                    new ChunkStorer(repository.Store, index, packs, _counters, cancellationToken),
                    new ChunkRecogniser(keys, index, _counters)),
                cancellationToken);
            var assembler = new ManifestAssembler(workers);
            using var manifest = new WorkerGroup<PlannedEntry>(
                "vault manifest", 1, PlannedEntries, () => assembler, workers.Stopped);
            using var cutter = new FileCutter(
                repository.Config.Chunking, GearTable.Derive(keys.GearKey), workers, manifest.Post);
            using var tree = new ParentTree(parent, new ChunkFetcher(repository.Store, index), cancellationToken);
            var reader = new SourceReader(options, index, tree, cutter, workers, manifest.Post);
            try
            {
                reader.Read(walker, () => reporter?.Report(reader.Statistics, reader.ReadBytes, packs.StoredBytes));
                manifest.Complete();
                var chunks = assembler.Complete();
                workers.Complete();
                Problems = assembler.Problems;
                return Describe(reader.Statistics, walker, parent, assembler, chunks);
            }
            catch (OperationCanceledException)
            {
                workers.ThrowIfFailed();
                throw;
            }
            catch (Exception exception)
            {
                workers.Fail(exception);
                throw;
            }
        }

        private SnapshotRecord Describe(
            SnapshotStatistics statistics, SourceWalker walker, SnapshotInfo? parent, ManifestAssembler assembler,
            IReadOnlyList<ManifestChunk> chunks) => new()
            {
                Host = options.Host,
                User = options.User,
                Program = $"continuity {typeof(BackupOperation).Assembly.GetName().Version?.ToString(3)}",
                Roots = walker.Roots,
                Tags = options.Tags,
                Parent = parent?.Id,
                Manifest = chunks,
                Unreadable = assembler.Unreadable,
                Statistics = statistics with
                {
                    NewChunks = _counters.Chunks,
                    NewRawBytes = _counters.RawBytes,
                    Unreadable = assembler.ProblemCount,
                },
            };
    }
}
