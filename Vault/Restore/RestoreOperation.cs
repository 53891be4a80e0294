using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Workers;

namespace Continuity.Vault.Restore;

/// <summary>Brings a snapshot, or a part of it, back to a folder.</summary>
/// <remarks>
/// <para>Every chunk is authenticated, decoded and checked (by its checksum, or its id where there is none to rely on)
/// before its bytes count. What can't be
/// restored is listed and the rest is restored; a store that fails, or a full disk, ends the restore.</para>
/// <para>Into a folder that holds something already, only what differs is written. Entries that aren't in the snapshot
/// stay, unless the restore is atomic.</para>
/// </remarks>
public static class RestoreOperation
{
    private const int JobsInQueue = 16;

    /// <summary>Restores.</summary>
    /// <param name="repository">Where from.</param>
    /// <param name="snapshot">`latest`, a snapshot's id, or the beginning of its id.</param>
    /// <param name="options">What, where to, and how.</param>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="cancellationToken">Ends the restore; an atomic one then leaves the target as it was.</param>
    /// <returns>What was done. A result with problems of an atomic restore means that the target is as it
    /// was.</returns>
    /// <exception cref="SnapshotNotFoundException">There is no such snapshot.</exception>
    public static async Task<RestoreResult> RunAsync(
        Repository repository, string snapshot, RestoreOptions options, IProgress<RestoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        // Snapshots before the index: the index of a snapshot that is visible is visible too.
        var found = SnapshotStore.Find(
            await SnapshotStore.ReadAllAsync(repository.Store, _ => { }, cancellationToken), snapshot);
        var loaded = await IndexLoader.LoadAsync(repository.Store, _ => { }, cancellationToken);
        var target = new RestoreTarget(options);
        var context = new RestoreContext(
            repository, found, loaded.Index, options, target.WorkPath, cancellationToken)
        {
            IsFresh = target.IsFresh,
        };
        await Task.Factory.StartNew(
            () => Execute(context, progress, cancellationToken), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var problems = context.Problems.Sentences;
        target.Complete(isWhole: problems.Count == 0);
        return new RestoreResult(context.Files, context.Bytes, context.WrittenBytes, problems);
    }

    private static void Execute(
        RestoreContext context, IProgress<RestoreProgress>? progress, CancellationToken cancellationToken)
    {
        using var workers = new WorkerGroup<RestoreJob>(
            "vault restore", context.Options.Workers + context.Direct.Threads, JobsInQueue,
            () => new ContentWriter(context), cancellationToken);
        using var fetcher = new ChunkFetcher(context.Repository.Store, context.Index);
        using var planner = new RestorePlanner(context, new ManifestReader(fetcher, context.Snapshot), workers);
        using var timer = progress is null
            ? null
            : context.Repository.Time.CreateTimer(
                _ => Report(context, progress), null, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));
        try
        {
            planner.Plan(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            workers.Fail(exception);
            throw;
        }

        workers.Complete();
        planner.Finish(cancellationToken);
        if (progress is not null)
        {
            Report(context, progress);
        }
    }

    private static void Report(RestoreContext context, IProgress<RestoreProgress> progress) => progress.Report(
        new RestoreProgress(context.Files, context.Bytes, context.Snapshot.Statistics.FileBytes));
}
