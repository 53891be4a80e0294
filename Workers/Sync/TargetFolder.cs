using Continuity.Workers.Fencing;
using Continuity.Workers.Files;
using Continuity.Workers.Jobs;

namespace Continuity.Workers.Sync;

/// <summary>The copy that a sync writes: every change of a name in it happens under its fence.</summary>
internal sealed class TargetFolder
{
    // Names changed under one lock: enough to make the lock cheap, few enough to let another worker in soon.
    private const int BatchSize = 256;
    private const UnixFileMode OwnerAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _root;

    private TargetFolder(string root, FolderFence fence)
    {
        _root = root;
        Fence = fence;
    }

    public FolderFence Fence { get; }

    /// <summary>Makes the folder when it is missing, and raises its fence.</summary>
    public static TargetFolder Open(
        string root, FencingToken token, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Posix.Inspect(root) is { } facts && facts.Kind != FileKind.Folder)
        {
            throw new JobFailureException(
                FailureCodes.TargetNotWritable,
                $"The target '{root}' is a {facts.Kind.ToString().ToLowerInvariant()} and no folder. Move it "
                    + $"away, or choose another target.");
        }

        FileOperationException.Writing(root, () => Directory.CreateDirectory(root));
        return new TargetFolder(root, FolderFence.Raise(root, token, time, cancellationToken));
    }

    public FolderListing Scan(CancellationToken cancellationToken) => FolderScanner.Scan(_root, cancellationToken);

    /// <summary>Refuses what cannot fit, before it is begun: the copy stays as it was.</summary>
    /// <param name="growth">Bytes that the target will hold more than now, when all is done.</param>
    public void RequireSpace(long growth)
    {
        var available = new DriveInfo(_root).AvailableFreeSpace;
        if (growth > available)
        {
            throw new JobFailureException(
                FailureCodes.DiskFull,
                $"The copy needs {growth} bytes more at '{_root}', and its file system has {available} free. "
                    + "Nothing was changed; free space there, or choose a larger target.");
        }
    }

    /// <summary>Removes what dead workers and the plan leave in the way, and makes the folders.</summary>
    public void MakeRoom(SyncPlan plan, FolderListing existing, CancellationToken cancellationToken)
    {
        InBatches(existing.Temporaries, path => Posix.Unlink(Absolute(path)), cancellationToken);
        var closed = existing.Entries.Where(pair => pair.Value.Facts.Kind == FileKind.Folder
            && (pair.Value.Facts.Mode & OwnerAll) != OwnerAll).Select(pair => pair.Key);
        InBatches(
            closed.Order(StringComparer.Ordinal),
            path => File.SetUnixFileMode(Absolute(path), existing.Entries[path].Facts.Mode | OwnerAll),
            cancellationToken);
        InBatches(plan.Obstacles, path => Remove(path, existing.Entries[path].Facts.Kind), cancellationToken);
        InBatches(plan.NewFolders, path => Directory.CreateDirectory(Absolute(path), OwnerAll), cancellationToken);
    }

    public void PlaceLinks(List<(string Path, FolderEntry Entry)> links, CancellationToken cancellationToken)
    {
        var number = 0L;
        InBatches(
            links,
            link =>
            {
                var place = Absolute(link.Path);
                // Staged files count upwards from 1: these never meet them.
                var name = ReservedNames.Temporary(Fence.Token, long.MaxValue - number++);
                var beside = Path.Join(Path.GetDirectoryName(place), name);
                File.CreateSymbolicLink(beside, link.Entry.LinkTarget!);
                Posix.SetModified(beside, link.Entry.Facts.Modified);
                Posix.Rename(beside, place);
            },
            cancellationToken);
    }

    /// <summary>Deletes, children first. Answers with the number of files.</summary>
    public long Delete(List<string> paths, FolderListing existing, CancellationToken cancellationToken)
    {
        var files = 0L;
        InBatches(
            paths,
            path =>
            {
                var kind = existing.Entries[path].Facts.Kind;
                RemoveListed(path, kind);
                files += kind == FileKind.File ? 1 : 0;
            },
            cancellationToken);
        return files;
    }

    /// <summary>Sets modes, and last the times of folders, which change with whatever is written in them.</summary>
    public void Adjust(
        List<(string Path, UnixFileMode Mode)> modes,
        FolderListing source,
        string sourceRoot,
        CancellationToken cancellationToken)
    {
        InBatches(modes, file => File.SetUnixFileMode(Absolute(file.Path), file.Mode), cancellationToken);
        var folders = source.Entries
            .Where(pair => pair.Value.Facts.Kind == FileKind.Folder)
            .Select(pair => (Path: pair.Key, pair.Value.Facts))
            .OrderByDescending(pair => pair.Path, StringComparer.Ordinal);
        InBatches(folders, folder => AdjustFolder(folder.Path, folder.Facts), cancellationToken);
        if (Posix.Inspect(sourceRoot) is { } root)
        {
            InBatches([string.Empty], path => AdjustFolder(path, root), cancellationToken);
        }
    }

    private void AdjustFolder(string path, FileFacts source)
    {
        var place = Absolute(path);
        if (Posix.Inspect(place) is not { Kind: FileKind.Folder } facts)
        {
            return;
        }

        if (facts.Mode != source.Mode)
        {
            File.SetUnixFileMode(place, source.Mode);
        }

        if (facts.Modified != source.Modified)
        {
            Posix.SetModified(place, source.Modified);
        }
    }

    // Only what the scan saw goes. A folder in which something new has appeared stays, and the next sync deals with it.
    private void RemoveListed(string path, FileKind kind)
    {
        var place = Absolute(path);
        if (kind != FileKind.Folder)
        {
            Posix.Unlink(place);
        }
        else if (Directory.Exists(place) && !Directory.EnumerateFileSystemEntries(place).Any())
        {
            Directory.Delete(place);
        }
    }

    private void Remove(string path, FileKind kind)
    {
        if (kind == FileKind.Folder)
        {
            Directory.Delete(Absolute(path), recursive: true);
        }
        else
        {
            Posix.Unlink(Absolute(path));
        }
    }

    private void InBatches<T>(IEnumerable<T> items, Action<T> change, CancellationToken cancellationToken)
    {
        foreach (var batch in items.Chunk(BatchSize))
        {
            FileOperationException.Writing(_root, () =>
            {
                Fence.Guard(() => Array.ForEach(batch, change), cancellationToken);
                return true;
            });
        }
    }

    private string Absolute(string path) => Path.Join(_root, path);
}
