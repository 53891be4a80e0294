using Continuity.Vault.Files;

namespace Continuity.Vault.Restore;

/// <summary>The target of a restore, which an atomic restore changes in one step at the end.</summary>
internal sealed class RestoreTarget
{
    private readonly string _path;
    private readonly bool _atomic;

    public RestoreTarget(RestoreOptions options)
    {
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Target));
        _atomic = options.Atomic;
        WorkPath = _path;
        if (_atomic)
        {
            // What an interrupted restore left is begun again; a name that says what it is lets people remove it.
            WorkPath = $"{_path}.restoring";
            FolderTree.Remove(WorkPath);
        }

        Directory.CreateDirectory(WorkPath);
        IsFresh = !Directory.EnumerateFileSystemEntries(WorkPath).Any();
    }

    /// <summary>The folder to write below.</summary>
    public string WorkPath { get; }

    public bool IsFresh { get; }

    public void Complete(bool isWhole)
    {
        if (!_atomic)
        {
            return;
        }

        if (isWhole)
        {
            Swap();
        }

        FolderTree.Remove(WorkPath);
    }

    private void Swap()
    {
        using var parent = FolderHandle.Open(Path.GetDirectoryName(_path) ?? "/");
        var target = FilePath.FromText(Path.GetFileName(_path));
        var work = FilePath.FromText(Path.GetFileName(WorkPath));
        if (parent.TryStat(target, out _))
        {
            parent.Exchange(work, target);
        }
        else
        {
            parent.Rename(work, target);
        }

        parent.Flush();
    }
}
