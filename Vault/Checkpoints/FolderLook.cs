using System.Text;
using System.Text.Unicode;
using Continuity.Vault.Files;

namespace Continuity.Vault.Checkpoints;

/// <summary>The files of a folder at one moment: names, lengths and times of change.</summary>
internal sealed class FolderLook
{
    // What programs call files that they have not finished: Hugging Face's hub, browsers, rsync, PyTorch, many others.
    private static readonly string[] UnfinishedEndings = [".incomplete", ".part", ".partial", ".tmp", ".crdownload"];

    private readonly SortedDictionary<string, (long Length, DateTime Modified)> _files = new(StringComparer.Ordinal);
    private readonly Func<string, bool> _isExcluded;

    private FolderLook(string root, Func<string, bool> isExcluded)
    {
        Root = root;
        _isExcluded = isExcluded;
    }

    public string Root { get; }

    /// <summary>Gets the files, relative to the root, with '/'.</summary>
    public IEnumerable<string> Files => _files.Keys;

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

        var look = new FolderLook(root.FullName, isExcluded);
        using var handle = FolderHandle.Open(root.FullName);
        look.Add(handle, string.Empty, cancellationToken);
        return look;
    }

    public bool Contains(string file) => _files.ContainsKey(file);

    public long LengthOf(string file) => _files[file].Length;

    public string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>Names what changed since an earlier look, and what looks unfinished.</summary>
    public IReadOnlyList<CheckpointProblem> ChangesSince(FolderLook before)
    {
        var problems = new List<CheckpointProblem>();
        foreach (var (file, state) in _files)
        {
            if (!before._files.TryGetValue(file, out var earlier))
            {
                problems.Add(new(file, "appeared between two looks: the folder is still being written"));
            }
            else if (earlier != state)
            {
                problems.Add(new(file, "changed between two looks: it is still being written"));
            }
            else if (UnfinishedEndings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            {
                problems.Add(new(
                    file, "is a program's unfinished file: wait for it, or delete it if its writer is gone"));
            }
        }

        foreach (var file in before._files.Keys.Where(file => !_files.ContainsKey(file)))
        {
            problems.Add(new(file, "vanished between two looks: the folder is still being written"));
        }

        return problems;
    }

    private void Add(FolderHandle folder, string prefix, CancellationToken cancellationToken)
    {
        foreach (var name in NamesIn(folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
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
                    AddFolder(folder, name, file + "/", cancellationToken);
                    break;
                case FileKind.SymbolicLink:
                    AddTarget(file);
                    break;
                default:
                    Add(file, stat.Size, DateTime.UnixEpoch.AddTicks(stat.Modified / TimeSpan.NanosecondsPerTick));
                    break;
            }
        }
    }

    private void AddFolder(
        FolderHandle parent, byte[] name, string prefix, CancellationToken cancellationToken)
    {
        FolderHandle folder;
        try
        {
            folder = parent.OpenFolder(name);
        }
        catch (FileSystemException)
        {
            return; // As for NamesIn.
        }

        using (folder)
        {
            Add(folder, prefix, cancellationToken);
        }
    }

    // A link to a file counts with its target: caches of models are made of such links. A link to a folder may lead
    // back up; what it leads to is not a part of this folder.
    private void AddTarget(string file)
    {
        try
        {
            var target = new FileInfo(PathOf(file)).ResolveLinkTarget(returnFinalTarget: true);
            if (target is FileInfo { Exists: true } found)
            {
                Add(file, found.Length, found.LastWriteTimeUtc);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A link in a circle, or to where nobody may look: whoever reads the tree says so.
        }
    }

    private void Add(string file, long length, DateTime modified)
    {
        _files[file] = (length, modified);
        Newest = modified > Newest ? modified : Newest;
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
}
