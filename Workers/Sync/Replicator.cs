using Continuity.Workers.Files;
using Continuity.Workers.Jobs;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Sync;

/// <summary>
/// Makes a target folder equal to a source folder: files, folders, links inside the set, modes and times of change.
/// </summary>
/// <remarks>
/// Owners, hard links, extended attributes and holes are not kept; devices, pipes and sockets are left out and named.
/// </remarks>
internal sealed class Replicator(IOptions<SyncOptions> options, TimeProvider time)
{
    // One for the process: the limit is over all that it copies.
    private readonly BandwidthLimit _bandwidth = new(options.Value.MaxBytesPerSecond, time);

    /// <summary>
    /// Runs on threads of its own: copying blocks, and must not keep the lease's renewal from its thread.
    /// </summary>
    /// <exception cref="JobFailureException">It cannot be done as things are.</exception>
    /// <exception cref="Fencing.StaleFencingTokenException">Another worker has the job now.</exception>
    public Task<SyncOutcome> RunAsync(
        SyncRequest request, WorkProgress progress, CancellationToken cancellationToken) =>
        BlockingWork.RunAsync(() => Translate(request, () => Run(request, progress, cancellationToken)));

    private static SyncOutcome Translate(SyncRequest request, Func<SyncOutcome> run)
    {
        try
        {
            return run();
        }
        catch (FileOperationException exception)
        {
            throw exception.ToFailure();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The source is read through FileOperationException: what is left is the fence and the manifest.
            throw FileErrors.Writing(request.Target, exception);
        }
    }

    private SyncOutcome Run(SyncRequest request, WorkProgress progress, CancellationToken cancellationToken)
    {
        progress.Enter("scanning");
        var source = SourceFolder.Scan(request.Source, cancellationToken);
        var target = TargetFolder.Open(request.Target, request.Token, time, cancellationToken);
        using var manifest = SyncManifest.Load(request.Target);
        var existing = target.Scan(cancellationToken);
        var plan = SyncPlanner.Plan(request with { Comparison = Stricter(request) }, source, existing, manifest);
        target.RequireSpace(plan.BytesToCopy - plan.BytesToFree);
        target.MakeRoom(plan, existing, cancellationToken);
        progress.Expect(plan.Files.Count, plan.BytesToCopy);
        progress.Enter("copying");
        var stager = new FileStager(request, options.Value, _bandwidth, progress, time);
        using var commits = new CommitQueue(request.Target, target.Fence, manifest, progress);
        var vanished = new CopyPipeline(stager, commits, options.Value.Parallelism).Run(plan.Files, cancellationToken);

        progress.Enter("finishing");
        target.PlaceLinks(plan.Links, cancellationToken);
        var deleted = target.Delete(plan.Deletions, existing, cancellationToken);
        target.Adjust(plan.Modes, source, request.Source, cancellationToken);
        manifest.Compact(path => source.Entries.ContainsKey(path) && !vanished.Contains(path));
        return new SyncOutcome
        {
            FilesExamined = plan.FilesExamined,
            FilesCopied = commits.FilesCopied,
            FilesDeleted = deleted + plan.FilesBelowObstacles,
            BytesCopied = commits.BytesCopied,
            Skipped = source.Skipped,
            Sha256 = Digest(source, manifest),
        };
    }

    private SyncComparison Stricter(SyncRequest request) =>
        request.Comparison > options.Value.Comparison ? request.Comparison : options.Value.Comparison;

    private static string Digest(FolderListing source, SyncManifest manifest)
    {
        var digest = new ContentDigest();
        foreach (var (path, entry) in source.Entries)
        {
            if (entry.Facts.Kind == FileKind.Folder)
            {
                digest.AddFolder(path);
            }
            else if (entry.LinkTarget is { } link)
            {
                digest.AddLink(path, link);
            }
            else if (manifest.Find(path) is { } file)
            {
                digest.AddFile(path, file.Sha256);
            }
        }

        return digest.Compute();
    }
}
