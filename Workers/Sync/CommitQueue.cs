using System.Collections.Concurrent;
using Continuity.Workers.Fencing;
using Continuity.Workers.Files;
using Continuity.Workers.Jobs;

namespace Continuity.Workers.Sync;

/// <summary>
/// Puts staged files in their places, many at a time: one look at the fence, the renames under its lock, one fsync
/// for each folder, and then the manifest. A crash in between leaves whole files, old or new, and a manifest that
/// claims nothing too much.
/// </summary>
internal sealed class CommitQueue(string target, FolderFence fence, SyncManifest manifest, WorkProgress progress)
    : IDisposable
{
    private const int Capacity = 512;
    private const int BatchSize = 256;

    private readonly BlockingCollection<StagedFile> _queue = new(Capacity);

    public long FilesCopied { get; private set; }

    public long BytesCopied { get; private set; }

    public void Add(StagedFile file, CancellationToken cancellationToken) => _queue.Add(file, cancellationToken);

    public void Complete() => _queue.CompleteAdding();

    /// <summary>Commits until the queue is complete and empty.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker has the job now.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        var batch = new List<StagedFile>(BatchSize);
        while (_queue.TryTake(out var first, Timeout.Infinite, cancellationToken))
        {
            batch.Add(first);
            while (batch.Count < BatchSize && _queue.TryTake(out var next))
            {
                batch.Add(next);
            }

            Commit(batch, cancellationToken);
            batch.Clear();
        }
    }

    /// <summary>
    /// Removes what was staged and never placed. The names carry this worker's token: nobody else's files are
    /// touched.
    /// </summary>
    public void Dispose()
    {
        while (_queue.TryTake(out var file))
        {
            Discard(file);
        }

        _queue.Dispose();
    }

    private void Commit(List<StagedFile> batch, CancellationToken cancellationToken)
    {
        try
        {
            fence.Guard(() => batch.ForEach(Place), cancellationToken);
        }
        catch
        {
            batch.ForEach(Discard);
            throw;
        }

        foreach (var folder in batch.Where(file => file.TemporaryPath is not null)
            .Select(file => Path.GetDirectoryName(Path.Join(target, file.Path))!).Distinct())
        {
            FileOperationException.Writing(folder, () => SyncFolder(folder));
        }

        manifest.Append(batch.Select(file => ManifestEntry.Of(file.Path, file.Version)));
        foreach (var file in batch)
        {
            progress.FileDone();
            if (file.TemporaryPath is not null)
            {
                FilesCopied++;
                BytesCopied += file.Version.Facts.Size;
            }
        }
    }

    private void Place(StagedFile file)
    {
        var place = Path.Join(target, file.Path);
        FileOperationException.Writing(place, () =>
        {
            if (file.TemporaryPath is not null)
            {
                Posix.Rename(file.TemporaryPath, place);
            }
            else
            {
                File.SetUnixFileMode(place, file.Version.Facts.Mode);
                Posix.SetModified(place, file.Version.Facts.Modified);
            }

            return true;
        });
    }

    private static void Discard(StagedFile file)
    {
        if (file.TemporaryPath is { } temporary)
        {
            Posix.TryUnlink(temporary);
        }
    }

    private static bool SyncFolder(string folder)
    {
        Posix.SyncFolder(folder);
        return true;
    }
}
