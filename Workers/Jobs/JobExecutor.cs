using Continuity.Contracts.Jobs;
using Continuity.ControlPlane.Jobs;
using Continuity.Workers.Backup;
using Continuity.Workers.Fencing;
using Continuity.Workers.Sync;

namespace Continuity.Workers.Jobs;

/// <summary>Turns a job into folders and does the work.</summary>
internal sealed class JobExecutor(
    SiteFolders folders, Replicator replicator, FolderBackup backup, FolderRestore restore, JobMetrics metrics)
{
    /// <exception cref="JobFailureException">It cannot be done as things are.</exception>
    /// <exception cref="StaleFencingTokenException">Another worker has the job now.</exception>
    public Task<JobResult> ExecuteAsync(
        ClaimedJob claimed, WorkProgress progress, CancellationToken cancellationToken) =>
        metrics.MeasureAsync(claimed.Job, () => claimed.Job.Kind switch
        {
            JobKind.Sync => SyncAsync(claimed, progress, cancellationToken),
            JobKind.Backup => BackupAsync(claimed, progress, cancellationToken),
            _ => RestoreAsync(claimed, progress, cancellationToken),
        });

    private static FencingToken TokenOf(ClaimedJob claimed) => new(claimed.Set.Name, claimed.Lease.FencingToken);

    private async Task<JobResult> SyncAsync(
        ClaimedJob claimed, WorkProgress progress, CancellationToken cancellationToken)
    {
        var set = claimed.Set;
        var targets = set.Targets
            .Where(target => claimed.Job.TargetSite is null || target.Site == claimed.Job.TargetSite)
            .ToList();
        if (targets.Count == 0)
        {
            throw new JobFailureException(
                FailureCodes.NotConfigured,
                $"Artefact set '{set.Name}' has no target"
                    + (claimed.Job.TargetSite is { } site ? $" at site '{site}'" : "")
                    + ", so there is nothing to sync. Declare one.");
        }

        var source = await folders.ResolveAsync(set.Source, cancellationToken);
        var result = new JobResult();
        foreach (var target in targets)
        {
            var request = new SyncRequest
            {
                Source = source,
                Target = await folders.ResolveToWriteAsync(target, cancellationToken),
                Token = TokenOf(claimed),
                Deletions = set.Deletions,
            };
            var outcome = await replicator.RunAsync(request, progress, cancellationToken);
            result = new JobResult
            {
                FilesExamined = result.FilesExamined + outcome.FilesExamined,
                FilesWritten = result.FilesWritten + outcome.FilesCopied,
                FilesDeleted = result.FilesDeleted + outcome.FilesDeleted,
                BytesWritten = result.BytesWritten + outcome.BytesCopied,
                Sha256 = outcome.Sha256,
            };
        }

        return result;
    }

    private async Task<JobResult> BackupAsync(
        ClaimedJob claimed, WorkProgress progress, CancellationToken cancellationToken)
    {
        var request = new BackupRequest
        {
            Source = await folders.ResolveAsync(claimed.Set.Source, cancellationToken),
            ArchiveFolder = await ArchiveFolderAsync(claimed, cancellationToken),
            Job = claimed.Job.Id,
            Token = TokenOf(claimed),
        };
        var outcome = await backup.RunAsync(request, progress, cancellationToken);
        return new JobResult
        {
            FilesExamined = outcome.Files,
            FilesWritten = outcome.Files,
            BytesWritten = outcome.ArchiveBytes,
            Archive = outcome.Archive,
            Sha256 = outcome.Sha256,
        };
    }

    private async Task<JobResult> RestoreAsync(
        ClaimedJob claimed, WorkProgress progress, CancellationToken cancellationToken)
    {
        var destination = claimed.Job.Destination ?? throw new JobFailureException(
            FailureCodes.NotConfigured, "The restore names no destination. Ask for it again with one.");
        var request = new RestoreRequest
        {
            ArchiveFolder = await ArchiveFolderAsync(claimed, cancellationToken),
            Archive = claimed.Job.Archive,
            Target = await folders.ResolveToWriteAsync(destination, cancellationToken),
            Existing = claimed.Job.Existing,
            Job = claimed.Job.Id,
            Token = TokenOf(claimed),
        };
        var outcome = await restore.RunAsync(request, progress, cancellationToken);
        return new JobResult
        {
            FilesExamined = outcome.Files,
            FilesWritten = outcome.Files,
            BytesWritten = outcome.Bytes,
            Archive = outcome.Archive,
            Sha256 = outcome.Sha256,
        };
    }

    private async Task<string> ArchiveFolderAsync(ClaimedJob claimed, CancellationToken cancellationToken)
    {
        var archives = claimed.Set.Archives ?? throw new JobFailureException(
            FailureCodes.NotConfigured,
            $"Artefact set '{claimed.Set.Name}' has no folder for archives. Declare one (archives) to back it up.");
        return Path.Join(await folders.ResolveToWriteAsync(archives, cancellationToken), claimed.Set.Name);
    }
}
