using System.Text;
using System.Text.Unicode;
using Continuity.Vault.Files;

namespace Continuity.Vault.Checkpoints;

/// <summary>The files of a folder at one moment: names, lengths and times of change.</summary>
internal sealed class FolderLook
{
    // What programs call files that they have not finished: Hugging Face's hub, browsers, rsync, PyTorch, many others.
    private static readonly string[] UnfinishedEndings = [".incomplete", ".part", ".partial", ".tmp", ".crdownload"];

    // Folders this far below the root are looked at side by side; deeper ones would be too small to be worth it.
    private const int ParallelDepth = 3;

    private readonly Func<string, bool> _isExcluded;
    private readonly ParallelOptions _parallel;
    private List<LookedFile> _files = [];
    private Dictionary<string, LookedFile>? _byName;

    private FolderLook(string root, Func<string, bool> isExcluded, CancellationToken cancellationToken)
    {
        Root = root;
        _isExcluded = isExcluded;
        _parallel = new ParallelOptions
        {
            CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount,
        };
    }

    public string Root { get; }

    /// <summary>Gets the files, relative to the root, with '/'; always in the same order.</summary>
    public IEnumerable<string> Files => _files.Select(file => file.Name);

    /// <summary>Gets when the youngest file was changed.</summary>
    public DateTimeOffset Newest { get; private set; } = DateTimeOffset.MinValue;

    public static FolderLook Take(string folder, CancellationToken cancellationToken) =>
        Take(folder, static _ => false, cancellationToken);

    public static FolderLook Take(
        string folder, Func<string, bool> isExcluded, CancellationToken cancellationToken)
    {
        var root = new DirectoryInfo(Path.GetFullPath(folder));
        if (!root.Exists)
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
        }

        var look = new FolderLook(root.FullName, isExcluded, cancellationToken);
        using var handle = FolderHandle.Open(root.FullName);
        look._files = look.FilesIn(handle, string.Empty, 0);
        look.Newest = look._files.Aggregate(
            DateTimeOffset.MinValue, static (newest, file) => file.Modified > newest ? file.Modified : newest);
        return look;
    }

    public bool Contains(string file) => ByName.ContainsKey(file);

    public long LengthOf(string file) => ByName[file].Length;

    public string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>Names what changed since an earlier look, and what looks unfinished.</summary>
    public IReadOnlyList<CheckpointProblem> ChangesSince(FolderLook before)
    {
        var problems = new List<CheckpointProblem>();
        for (var place = 0; place < _files.Count; place++)
        {
            var file = _files[place];
            if (before.Find(place, file.Name) is not { } earlier)
            {
                problems.Add(new(file.Name, "appeared between two looks: the folder is still being written"));
            }
            else if (earlier != file)
            {
                problems.Add(new(file.Name, "changed between two looks: it is still being written"));
            }
            else if (Array.Exists(
                UnfinishedEndings, ending => file.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            {
                problems.Add(new(
                    file.Name, "is a program's unfinished file: wait for it, or delete it if its writer is gone"));
            }
        }

        for (var place = 0; place < before._files.Count; place++)
        {
            if (Find(place, before._files[place].Name) is null)
            {
                problems.Add(new(
                    before._files[place].Name, "vanished between two looks: the folder is still being written"));
            }
        }

        return problems;
    }

    private Dictionary<string, LookedFile> ByName =>
        _byName ??= _files.ToDictionary(file => file.Name, StringComparer.Ordinal);

    // Where nothing came or went, a file is in the same place of both looks, and names needn't be looked up.
    private LookedFile? Find(int place, string name) =>
        place < _files.Count && _files[place].Name == name ? _files[place]
        : ByName.TryGetValue(name, out var found) ? found
        : null;

    private List<LookedFile> FilesIn(FolderHandle folder, string prefix, int depth)
    {
        // A folder's own files and the places of its folders among them, whose content is put there when it is known.
        var files = new List<LookedFile>();
        var folders = new List<(int Place, byte[] Name, string Prefix)>();
        foreach (var name in NamesIn(folder))
        {
            _parallel.CancellationToken.ThrowIfCancellationRequested();
            // A name that isn't text is no part of a checkpoint.
            if (!Utf8.IsValid(name))
            {
                continue;
            }

            var file = prefix + Encoding.UTF8.GetString(name);
            if (_isExcluded(file) || !folder.TryStat(name, out var stat))
            {
                continue;
            }

            switch (stat.Kind)
            {
                case FileKind.Folder:
                    folders.Add((files.Count, name, file + "/"));
                    break;
                case FileKind.SymbolicLink:
                    AddTarget(file, files);
                    break;
                default:
                    files.Add(new LookedFile(
                        file, stat.Size, DateTime.UnixEpoch.AddTicks(stat.Modified / TimeSpan.NanosecondsPerTick)));
                    break;
            }
        }

        return folders.Count == 0 ? files : Merge(files, folders, FilesIn(folder, folders, depth));
    }

    private List<LookedFile>[] FilesIn(
        FolderHandle parent, List<(int Place, byte[] Name, string Prefix)> folders, int depth)
    {
        var found = new List<LookedFile>[folders.Count];
        void Look(int number) => found[number] = FilesIn(parent, folders[number].Name, folders[number].Prefix, depth);
        if (folders.Count > 1 && depth < ParallelDepth)
        {
            Parallel.For(0, found.Length, _parallel, Look);
        }
        else
        {
            for (var number = 0; number < found.Length; number++)
            {
                Look(number);
            }
        }

        return found;
    }

    private List<LookedFile> FilesIn(FolderHandle parent, byte[] name, string prefix, int depth)
    {
        FolderHandle folder;
        try
        {
            folder = parent.OpenFolder(name);
        }
        catch (FileSystemException)
        {
            return []; // As for NamesIn.
        }

        using (folder)
        {
            return FilesIn(folder, prefix, depth + 1);
        }
    }

    private static List<LookedFile> Merge(
        List<LookedFile> files, List<(int Place, byte[] Name, string Prefix)> folders, List<LookedFile>[] below)
    {
        var merged = new List<LookedFile>(files.Count + below.Sum(list => list.Count));
        var taken = 0;
        for (var number = 0; number < below.Length; number++)
        {
            merged.AddRange(files[taken..folders[number].Place]);
            taken = folders[number].Place;
            merged.AddRange(below[number]);
        }

        merged.AddRange(files[taken..]);
        return merged;
    }

    // A link to a file counts with its target: caches of models are made of such links. A link to a folder may lead
    // back up; what it leads to is not a part of this folder.
    private void AddTarget(string file, List<LookedFile> files)
    {
        try
        {
            var target = new FileInfo(PathOf(file)).ResolveLinkTarget(returnFinalTarget: true);
            if (target is FileInfo { Exists: true } found)
            {
                files.Add(new LookedFile(file, found.Length, found.LastWriteTimeUtc));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A link in a circle, or to where nobody may look: whoever reads the tree says so.
        }
    }

    // A folder that vanished or that may not be read: whoever reads the tree says so.
    private static List<byte[]> NamesIn(FolderHandle folder)
    {
        try
        {
            return folder.List();
        }
        catch (FileSystemException)
        {
            return [];
        }
    }

    private readonly record struct LookedFile(string Name, long Length, DateTime Modified);
}
