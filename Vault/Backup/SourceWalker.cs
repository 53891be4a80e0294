using System.Text;
using Continuity.Vault.Files;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Backup;

/// <summary>Walks the roots of a backup in the order of a manifest.</summary>
internal sealed class SourceWalker : IDisposable
{
    private readonly List<FolderHandle> _roots = [];
    private readonly Dictionary<(ulong Device, ulong Inode), byte[]> _firstLinks = [];
    private readonly IReadOnlyList<string> _rootPaths;
    private readonly IReadOnlyList<string> _recordedRoots;
    private readonly PathPatterns _excluded;
    private readonly bool _oneFileSystem;

    public SourceWalker(BackupOptions options)
    {
        _rootPaths = [.. options.Roots.Select(root => Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)))];
        _recordedRoots = options.RecordedRoots.Count > 0 ? options.RecordedRoots : _rootPaths;
        _excluded = new PathPatterns(options.Exclude, [.. _rootPaths.Select(FilePath.FromText)]);
        _oneFileSystem = options.OneFileSystem;
    }

    /// <summary>The roots as they are recorded.</summary>
    public IReadOnlyList<byte[]> Roots => [.. _recordedRoots.Select(FilePath.FromText)];

    public IEnumerable<SourceItem> Walk() =>
        _rootPaths is [var only] && Directory.Exists(only) ? WalkRoot(only) : WalkSeveral();

    public void Dispose() => _roots.ForEach(root => root.Dispose());

    private IEnumerable<SourceItem> WalkRoot(string root)
    {
        var folder = FolderHandle.Open(root);
        _roots.Add(folder);
        yield return new SourceItem(Describe(folder, [], [], folder.Stat([])), folder, [], null);
        foreach (var item in WalkFolder(folder, folder, [], []))
        {
            yield return item;
        }
    }

    // Several roots become folders (or files) of a tree of their own, named like their last component.
    private IEnumerable<SourceItem> WalkSeveral()
    {
        yield return new SourceItem(
            new ManifestEntry
            {
                Type = EntryType.Folder,
                Path = [],
                Stat = new FileStat { RawMode = (int)FileKind.Folder | Convert.ToInt32("755", 8) },
            },
            null, [], null);
        foreach (var (name, root) in NameRoots())
        {
            var parent = FolderHandle.Open(Path.GetDirectoryName(root) ?? "/");
            _roots.Add(parent);
            var rootName = FilePath.FromText(Path.GetFileName(root) is { Length: > 0 } last ? last : ".");
            foreach (var item in WalkEntry(new Place(parent, parent, rootName, rootName, name) { IsRoot = true }))
            {
                yield return item;
            }
        }
    }

    private IEnumerable<(byte[] Name, string Root)> NameRoots() =>
        PathPatterns.NameRoots([.. _rootPaths.Select(FilePath.FromText)])
            .Select(named => (FilePath.FromKey(named.Key), Encoding.UTF8.GetString(named.Value)))
            .OrderBy(named => named.Item1, Comparer<byte[]>.Create(
                static (left, right) => FilePath.Compare(left, right)));

    private IEnumerable<SourceItem> WalkFolder(FolderHandle root, FolderHandle folder, byte[] below, byte[] path)
    {
        List<byte[]> names;
        string? problem = null;
        try
        {
            names = folder.List();
        }
        catch (FileSystemException exception)
        {
            names = [];
            problem = exception.Message;
        }

        if (problem is not null)
        {
            yield return new SourceItem(null, null, path, problem);
        }

        foreach (var name in names)
        {
            foreach (var item in WalkEntry(
                new Place(root, folder, name, FilePath.Join(below, name), FilePath.Join(path, name))))
            {
                yield return item;
            }
        }
    }

    private IEnumerable<SourceItem> WalkEntry(Place place)
    {
        if (_excluded.Matches(place.Path) || !place.Folder.TryStat(place.Name, out var stat))
        {
            // What vanished since the folder was listed isn't part of the tree any more.
            yield break;
        }

        var item = DescribeItem(place, stat);
        yield return item;
        // Where another file system is mounted, the folder that it covers is kept, and nothing of the other.
        if (item.Entry is not { Type: EntryType.Folder }
            || (_oneFileSystem && stat.Device != (place.IsRoot ? stat : place.Folder.Stat([])).Device))
        {
            yield break;
        }

        FolderHandle? child = null;
        string? problem = null;
        try
        {
            child = place.Folder.OpenFolder(place.Name);
        }
        catch (FileSystemException exception)
        {
            problem = exception.Message;
        }

        if (child is null)
        {
            yield return new SourceItem(null, null, place.Path, problem);
            yield break;
        }

        using (child)
        {
            foreach (var held in WalkFolder(place.Root, child, place.Below, place.Path))
            {
                yield return held;
            }
        }
    }

    private SourceItem DescribeItem(Place place, FileStat stat)
    {
        try
        {
            return new SourceItem(Describe(place.Folder, place.Name, place.Path, stat), place.Root, place.Below, null);
        }
        catch (FileSystemException exception)
        {
            return new SourceItem(null, null, place.Path, exception.Message);
        }
    }

    private ManifestEntry Describe(FolderHandle folder, byte[] name, byte[] path, FileStat stat)
    {
        var entry = new ManifestEntry
        {
            Type = ManifestEntry.TypeOf(stat.Kind),
            Path = path,
            Stat = stat,
            Attributes = ExtendedAttributes.Read(folder, name),
        };
        if (stat.Kind == FileKind.SymbolicLink)
        {
            return entry with { Target = folder.ReadLink(name) };
        }

        if (stat.Kind == FileKind.Folder || stat.Links < 2)
        {
            return entry;
        }

        return _firstLinks.TryAdd((stat.Device, stat.Inode), path)
            ? entry
            : entry with { Type = EntryType.HardLink, Target = _firstLinks[(stat.Device, stat.Inode)] };
    }

    /// <summary>Where an entry is: its folder and name, its path below the opened root, and its path in the
    /// snapshot.</summary>
    private readonly record struct Place(
        FolderHandle Root, FolderHandle Folder, byte[] Name, byte[] Below, byte[] Path)
    {
        public bool IsRoot { get; init; }
    }
}
