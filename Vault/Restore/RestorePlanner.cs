using Continuity.Vault.Files;
using Continuity.Vault.Formats;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Workers;
using Microsoft.Win32.SafeHandles;

namespace Continuity.Vault.Restore;

/// <summary>Goes through a manifest twice: first to make folders, links and files and to hand out their content, then,
/// when all content is written, backwards, to set what writing would have changed again.</summary>
internal sealed class RestorePlanner(RestoreContext context, ManifestReader manifest, WorkerGroup<RestoreJob> workers)
    : IDisposable
{
    private const int SmallFileBytes = 1 << 20;
    // A job ends where another chunk begins, or each worker would fetch and decode the same one.
    private const int SmallFilesPerJob = 64;
    private const int MostSmallFilesPerJob = 4096;
    private const int SmallBytesPerJob = 4 << 20;
    private const long WindowBytes = 32 << 20;

    private readonly TargetTree _tree = new(context.Target, context.Options.Owners);
    private readonly PathSelection _selection = new(context.Options, context.Snapshot.Record.Roots);
    private readonly LinkedFiles _linked = new();
    private readonly List<ManifestEntry> _small = [];
    private long _smallBytes;
    private RestoredFile? _large;
    private readonly List<Extent> _window = [];
    private long _windowOffset;
    private long _windowBytes;

    public void Plan(CancellationToken cancellationToken)
    {
        Plan(entry => IsSelected(entry) ? entry : null, cancellationToken);
        if (_linked.HasAny)
        {
            // The files of these links come before them: they have passed.
            Plan(_linked.InPlaceOf, cancellationToken);
        }

        foreach (var pattern in _selection.Unmatched)
        {
            context.Problems.Add($"Nothing in the snapshot matches '{pattern}'.");
        }
    }

    private void Plan(Func<ManifestEntry, ManifestEntry?> choose, CancellationToken cancellationToken)
    {
        foreach (var entry in manifest.Read(cancellationToken))
        {
            if (entry.Type == EntryType.MoreExtents)
            {
                if (_large is not null)
                {
                    AddExtents(entry.Extents);
                }

                continue;
            }

            EndLarge();
            if (choose(entry) is not { } chosen)
            {
                continue;
            }

            try
            {
                Plan(chosen);
            }
            catch (Exception exception) when (RestoreProblems.IsOfEntry(exception))
            {
                context.Problems.Add(chosen.DisplayPath, exception);
            }
        }

        EndLarge();
        EndSmall();
    }

    /// <summary>Links files and sets the metadata of folders, the innermost first.</summary>
    public void Finish(CancellationToken cancellationToken)
    {
        foreach (var chunk in context.Snapshot.Record.Manifest.Reverse())
        {
            var entries = manifest.ReadChunk(chunk, cancellationToken);
            entries.Reverse();
            foreach (var entry in entries.Where(IsSelected))
            {
                try
                {
                    if (entry.Type == EntryType.HardLink)
                    {
                        if (_linked.LinkFor(entry) is { } link)
                        {
                            _tree.MakeHardLink(link);
                        }
                    }
                    else if (entry.Type == EntryType.Folder)
                    {
                        _tree.SetMetadata(entry);
                    }
                }
                catch (Exception exception) when (RestoreProblems.IsOfEntry(exception))
                {
                    context.Problems.Add(entry.DisplayPath, exception);
                }
            }
        }
    }

    public void Dispose() => _tree.Dispose();

    private bool IsSelected(ManifestEntry entry) => _selection.Selects(entry.Path);

    private void Plan(ManifestEntry entry)
    {
        if (_selection.IsPart)
        {
            // The folders on the way to what was selected may not be selected themselves.
            _tree.MakeFolder(entry.Path.AsSpan(0, FilePath.Split(entry.Path).FolderLength));
        }

        switch (entry.Type)
        {
            case EntryType.Folder:
                _tree.MakeFolder(entry.Path);
                break;
            case EntryType.File when entry.Stat.Size < SmallFileBytes:
                AddSmall(entry);
                break;
            case EntryType.File:
                BeginLarge(entry);
                break;
            case EntryType.HardLink when _selection.Selects(entry.Target):
                break;
            case EntryType.HardLink:
                _linked.Add(entry);
                break;
            default:
                _tree.MakeSpecial(entry);
                break;
        }
    }

    private void AddSmall(ManifestEntry entry)
    {
        if (_small.Count >= SmallFilesPerJob
            && (_small.Count >= MostSmallFilesPerJob || FirstChunk(entry) != FirstChunk(_small[^1])))
        {
            EndSmall();
        }

        _small.Add(entry);
        _smallBytes += entry.Stat.Size;
        if (_smallBytes >= SmallBytesPerJob)
        {
            EndSmall();
        }
    }

    private static ChunkId? FirstChunk(ManifestEntry entry) =>
        entry.Extents.Count > 0 && !entry.Extents[0].IsHole ? entry.Extents[0].Chunk : null;

    private void EndSmall()
    {
        if (_small.Count > 0)
        {
            workers.Post(new RestoreJob.SmallFiles([.. _small]));
            _small.Clear();
            _smallBytes = 0;
        }
    }

    private void BeginLarge(ManifestEntry entry)
    {
        using (var handle = OpenForContent(entry))
        {
            RandomAccess.SetLength(handle, entry.Stat.Size);
            // Room is taken at once: a full disk shows before hours of work, and the file lies in few pieces.
            if (!entry.Extents.Any(extent => extent.IsHole))
            {
                Allocate(handle, entry);
            }
        }

        _large = new RestoredFile(entry);
        _windowOffset = 0;
        AddExtents(entry.Extents);
    }

    private SafeFileHandle OpenForContent(ManifestEntry entry)
    {
        const uint OwnerOnly = 0x180;
        var parent = _tree.OpenParent(entry.Path, out var name);
        if (parent.TryStat(name, out var present))
        {
            if (present is { Kind: FileKind.File, Links: 1 })
            {
                parent.SetMode(name, (int)OwnerOnly);
                return parent.OpenFile(name, NativeMethods.ReadWrite);
            }

            // Other links to the old file keep its content.
            parent.Remove(name, present.Kind == FileKind.Folder);
        }

        const int NewFile = NativeMethods.ReadWrite | NativeMethods.Create | NativeMethods.Exclusive;
        return parent.OpenFile(name, NewFile, OwnerOnly);
    }

    private static void Allocate(SafeFileHandle handle, ManifestEntry entry)
    {
        const int NoSpace = 28;
        if (NativeMethods.Allocate((int)handle.DangerousGetHandle(), 0, 0, entry.Stat.Size) != 0
            && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == NoSpace)
        {
            throw FileSystemException.Last("make room for", entry.Path);
        }
    }

    private void AddExtents(IReadOnlyList<Extent> extents)
    {
        foreach (var extent in extents)
        {
            _window.Add(extent);
            _windowBytes += extent.Length;
            if (_windowBytes >= WindowBytes)
            {
                EndWindow();
            }
        }
    }

    private void EndWindow()
    {
        if (_window.Count == 0)
        {
            return;
        }

        _large!.Add();
        workers.Post(new RestoreJob.Window(_large, _windowOffset, [.. _window]));
        _windowOffset += _windowBytes;
        _windowBytes = 0;
        _window.Clear();
    }

    private void EndLarge()
    {
        if (_large is not { } file)
        {
            return;
        }

        EndWindow();
        // An empty window takes the planner's own share: the worker that does the last window finishes the file.
        workers.Post(new RestoreJob.Window(file, 0, []));
        _large = null;
    }
}
