using System.Text.Json;
using Continuity.Contracts.Jobs;
using Continuity.Workers.Fencing;
using Continuity.Workers.Files;
using Continuity.Workers.Jobs;

namespace Continuity.Workers.Backup;

/// <summary>
/// Restores an archive: all of it is written beside and checked, and then each name at the top of the folder changes
/// place with what was there. Until then the target is as it was, and what was replaced is deleted only after that.
/// </summary>
internal sealed class FolderRestore(TimeProvider time)
{
    /// <exception cref="JobFailureException">It cannot be done as things are.</exception>
    /// <exception cref="StaleFencingTokenException">Another worker has the job now.</exception>
    public Task<ArchiveOutcome> RunAsync(
        RestoreRequest request, WorkProgress progress, CancellationToken cancellationToken) =>
        BlockingWork.RunAsync(
            () => ArchiveErrors.Translate(request.Target, () => Run(request, progress, cancellationToken)));

    private ArchiveOutcome Run(RestoreRequest request, WorkProgress progress, CancellationToken cancellationToken)
    {
        var archive = FindArchive(request);
        FileOperationException.Writing(request.Target, () => Directory.CreateDirectory(request.Target));
        if (ReadRecord(request) is { } done)
        {
            return done;
        }

        RefuseExisting(request);
        var fence = FolderFence.Raise(request.Target, request.Token, time, cancellationToken);
        // A name of this attempt's own: a worker that has lost the job must not write among the files of the next one.
        var staging = Path.Join(request.Target, ReservedNames.Folder, $"{StagingPrefix(request)}{fence.Token}");
        fence.Guard(() => MakeEmpty(request, staging), cancellationToken);
        progress.Enter("restoring");
        VerifiedArchive verified;
        try
        {
            var folder = new StagingFolder(staging);
            verified = new ArchiveReader(archive, progress).Read(folder, cancellationToken);
            folder.Finish(verified.Manifest);
        }
        catch
        {
            Discard(staging);
            throw;
        }

        progress.Enter("finishing");
        var outcome = ArchiveOutcome.Of(Path.GetFileName(archive), verified.Bytes, verified.Manifest);
        // From here on it is completed, not cancelled: a stop half-way would leave old beside new.
        fence.Guard(() => PutInPlace(request, staging, verified.Manifest, outcome), CancellationToken.None);
        Posix.SyncFileSystem(request.Target);
        Discard(staging);
        return outcome;
    }

    private static string FindArchive(RestoreRequest request)
    {
        var archive = request.Archive is { } name
            ? Path.Join(request.ArchiveFolder, name)
            : ArchiveName.FindLatest(request.ArchiveFolder);
        return archive is not null && File.Exists(archive)
            ? archive
            : throw new JobFailureException(
                FailureCodes.ArchiveMissing,
                request.Archive is null
                    ? $"There is no archive in '{request.ArchiveFolder}'. Back the artefact set up first."
                    : $"There is no archive '{archive}'. Name one that is there, or none for the latest.");
    }

    // A restore that was begun has left its staging folder: what is in the target then is its own.
    private static void RefuseExisting(RestoreRequest request)
    {
        if (request.Existing == ExistingFiles.Refuse
            && !EarlierStaging(request).Any()
            && TopNames(request.Target).Any(name => !ReservedNames.IsTemporary(name)))
        {
            throw new JobFailureException(
                FailureCodes.TargetNotEmpty,
                $"The folder '{request.Target}' is not empty, and nothing in it was changed. Restore to an "
                    + "empty folder, or ask for its content to be replaced.");
        }
    }

    private static string StagingPrefix(RestoreRequest request) => $"restore.{request.Job:N}.";

    private static IEnumerable<string> EarlierStaging(RestoreRequest request)
    {
        var state = Path.Join(request.Target, ReservedNames.Folder);
        return Directory.Exists(state) ? Directory.EnumerateDirectories(state, $"{StagingPrefix(request)}*") : [];
    }

    // The new one first: as long as there is any, a successor knows that the restore was begun.
    private static void MakeEmpty(RestoreRequest request, string staging)
    {
        Directory.CreateDirectory(staging);
        foreach (var earlier in EarlierStaging(request).Where(path => path != staging).ToList())
        {
            StagingFolder.Delete(earlier);
        }
    }

    // Every step can be repeated: a worker that takes over after a crash restores anew and changes places again.
    private static void PutInPlace(
        RestoreRequest request, string staging, ArchiveManifest manifest, ArchiveOutcome outcome)
    {
        var replaced = Path.Join(staging, ReservedNames.Folder);
        Directory.CreateDirectory(replaced);
        var restored = TopNames(staging).ToHashSet(StringComparer.Ordinal);
        foreach (var name in TopNames(request.Target).Where(name => !restored.Contains(name)).ToList())
        {
            Posix.Rename(Path.Join(request.Target, name), Path.Join(replaced, name));
        }

        foreach (var name in restored)
        {
            PutInPlace(Path.Join(staging, name), Path.Join(request.Target, name), Path.Join(replaced, name));
        }

        StagingFolder.StampTop(request.Target, manifest);
        using var record = new FileStream(RecordPath(request.Target), FileMode.Create, FileAccess.Write);
        JsonSerializer.Serialize(record, new RestoreRecord(request.Job, outcome), ArchiveJson.Default.RestoreRecord);
    }

    private static void PutInPlace(string staged, string place, string replaced)
    {
        if (Posix.Inspect(place) is null)
        {
            Posix.Rename(staged, place);
        }
        else if (!Posix.TryExchange(staged, place))
        {
            Posix.Rename(place, replaced);
            Posix.Rename(staged, place);
        }
    }

    private static ArchiveOutcome? ReadRecord(RestoreRequest request)
    {
        try
        {
            var record = JsonSerializer.Deserialize(
                File.ReadAllBytes(RecordPath(request.Target)), ArchiveJson.Default.RestoreRecord);
            return record?.Job == request.Job ? record.Outcome : null;
        }
        catch (Exception exception) when (FileErrors.IsMissing(exception) || exception is JsonException)
        {
            return null;
        }
    }

    // Names only: what is below may be folders of any size, and changes place with its name.
    private static IEnumerable<string> TopNames(string folder) =>
        Directory.EnumerateFileSystemEntries(folder)
            .Select(path => Path.GetFileName(path))
            .Where(name => name != ReservedNames.Folder);

    private static string RecordPath(string target) => Path.Join(target, ReservedNames.Folder, "restored.json");

    private static void Discard(string staging)
    {
        if (Directory.Exists(staging))
        {
            StagingFolder.Delete(staging);
        }
    }
}
