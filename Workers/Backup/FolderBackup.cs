using System.Text.Json;
using Continuity.Workers.Fencing;
using Continuity.Workers.Files;
using Continuity.Workers.Jobs;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Backup;

/// <summary>Backs a folder up: written beside, read back whole, and only then given its name.</summary>
internal sealed class FolderBackup(IOptions<BackupOptions> options, TimeProvider time)
{
    private readonly BandwidthLimit _bandwidth = new(options.Value.MaxBytesPerSecond, time);

    /// <exception cref="JobFailureException">It cannot be done as things are.</exception>
    /// <exception cref="StaleFencingTokenException">Another worker has the job now.</exception>
    public Task<ArchiveOutcome> RunAsync(
        BackupRequest request, WorkProgress progress, CancellationToken cancellationToken) =>
        BlockingWork.RunAsync(
            () => ArchiveErrors.Translate(request.ArchiveFolder, () => Run(request, progress, cancellationToken)));

    private ArchiveOutcome Run(BackupRequest request, WorkProgress progress, CancellationToken cancellationToken)
    {
        progress.Enter("scanning");
        var source = SourceFolder.Scan(request.Source, cancellationToken);
        FileOperationException.Writing(request.ArchiveFolder, () => Directory.CreateDirectory(request.ArchiveFolder));
        var fence = FolderFence.Raise(request.ArchiveFolder, request.Token, time, cancellationToken);
        fence.Guard(() => RemoveTemporaries(request.ArchiveFolder), cancellationToken);
        if (ArchiveName.FindOf(request.Job, request.ArchiveFolder) is { } finished)
        {
            // A worker died between the rename and its report. What it renamed it had verified; it is verified once
            // more.
            progress.Enter("verifying");
            var verified = new ArchiveReader(finished, progress).Read(staging: null, cancellationToken);
            return ArchiveOutcome.Of(Path.GetFileName(finished), verified.Bytes, verified.Manifest);
        }

        Expect(source, progress);
        return Write(request, source, fence, progress, cancellationToken);
    }

    private ArchiveOutcome Write(
        BackupRequest request,
        FolderListing source,
        FolderFence fence,
        WorkProgress progress,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var archive = Path.Join(request.ArchiveFolder, ArchiveName.Format(now, request.Job));
        var beside = Path.Join(request.ArchiveFolder, ReservedNames.Temporary(fence.Token, 1));
        var recordBeside = Path.Join(request.ArchiveFolder, ReservedNames.Temporary(fence.Token, 2));
        try
        {
            progress.Enter("archiving");
            var files = new ArchiveFileReader(options.Value, _bandwidth, progress, time);
            var written = new ArchiveWriter(files, options.Value, progress)
                .Write(request, source, beside, now, cancellationToken);
            progress.Enter("verifying");
            var verified = new ArchiveReader(beside, new WorkProgress()).Read(staging: null, cancellationToken);
            RequireSame(beside, written, verified.Manifest);
            WriteRecord(recordBeside, new ArchiveRecord
            {
                Archive = Path.GetFileName(archive),
                Bytes = verified.Bytes,
                Sha256 = verified.Sha256,
                Manifest = written,
            });
            fence.Guard(
                () =>
                {
                    // The record first: where there is an archive, there is what says what it holds.
                    Posix.Rename(recordBeside, ArchiveName.RecordOf(archive));
                    Posix.Rename(beside, archive);
                },
                cancellationToken);
            Posix.SyncFolder(request.ArchiveFolder);
            return ArchiveOutcome.Of(Path.GetFileName(archive), verified.Bytes, written);
        }
        catch
        {
            Posix.TryUnlink(beside);
            Posix.TryUnlink(recordBeside);
            throw;
        }
    }

    private static void Expect(FolderListing source, WorkProgress progress)
    {
        var files = source.Entries.Values.Where(entry => entry.Facts.Kind == FileKind.File).ToList();
        progress.Expect(files.Count, files.Sum(file => file.Facts.Size));
    }

    private static void RequireSame(string path, ArchiveManifest written, ArchiveManifest read)
    {
        if (written.Sha256 != read.Sha256)
        {
            throw new CorruptArchiveException(
                path, "after it was written", $"it reads back as {read.Sha256} instead of {written.Sha256}.");
        }
    }

    private static void WriteRecord(string path, ArchiveRecord record)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
        JsonSerializer.Serialize(stream, record, ArchiveJson.Default.ArchiveRecord);
        stream.Flush(flushToDisk: true);
    }

    private static void RemoveTemporaries(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            if (ReservedNames.IsTemporary(Path.GetFileName(path.AsSpan())))
            {
                Posix.Unlink(path);
            }
        }
    }
}
