using Continuity.Vault.Files;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Restore;

/// <summary>The folder that a restore writes below. One instance serves one thread.</summary>
/// <remarks>Every folder on the way is opened by its name in the one above, never through a link: whatever is in the
/// target already, nothing outside it is touched.</remarks>
internal sealed class TargetTree(string root, bool owners) : IDisposable
{
    private const int MaximumOpenFolders = 64;

    private readonly FolderHandle _root = FolderHandle.Open(root);
    private readonly Dictionary<string, FolderHandle> _folders = new(StringComparer.Ordinal);

    /// <summary>Opens the folder that a path is in, and gets the path's last name.</summary>
    public FolderHandle OpenParent(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> name)
    {
        var (folderLength, nameStart) = FilePath.Split(path);
        name = path[nameStart..];
        return OpenFolder(path[..folderLength]);
    }

    public FolderHandle OpenFolder(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
        {
            return _root;
        }

        var key = FilePath.KeyOf(path);
        if (_folders.TryGetValue(key, out var open))
        {
            return open;
        }

        var folder = OpenParent(path, out var name).OpenFolder(name);
        if (_folders.Count >= MaximumOpenFolders)
        {
            CloseFolders();
        }

        return _folders[key] = folder;
    }

    /// <summary>Makes a folder, and those above it that don't exist.</summary>
    public void MakeFolder(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
        {
            return;
        }

        var (folderLength, _) = FilePath.Split(path);
        MakeFolder(path[..folderLength]);
        var parent = OpenParent(path, out var name);
        if (parent.TryMakeFolder(name) || parent.Stat(name).Kind == FileKind.Folder)
        {
            return;
        }

        parent.Remove(name, isFolder: false);
        parent.TryMakeFolder(name);
    }

    /// <summary>Makes a link or node, in place of whatever has its name.</summary>
    public void MakeSpecial(ManifestEntry entry)
    {
        var parent = OpenParent(entry.Path, out var name);
        MakeRoom(parent, name);
        if (entry.Type == EntryType.SymbolicLink)
        {
            parent.MakeSymbolicLink(entry.Target, name);
        }
        else
        {
            parent.MakeNode(name, entry.Stat);
        }

        SetMetadata(entry);
    }

    public void MakeHardLink(ManifestEntry entry)
    {
        var targetParent = OpenParent(entry.Target, out var targetName);
        var target = targetParent.Stat(targetName);
        var parent = OpenParent(entry.Path, out var name);
        if (parent.TryStat(name, out var present))
        {
            if (present.Inode == target.Inode && present.Device == target.Device)
            {
                return;
            }

            parent.Remove(name, present.Kind == FileKind.Folder);
        }

        // Opening the folder may have closed the other one.
        OpenParent(entry.Path, out _).MakeHardLink(OpenParent(entry.Target, out targetName), targetName, name);
    }

    /// <summary>Sets owner, attributes, permissions and time, in the order in which none undoes another.</summary>
    public void SetMetadata(ManifestEntry entry)
    {
        var parent = OpenParent(entry.Path, out var name);
        if (owners)
        {
            parent.SetOwner(name, entry.Stat);
        }

        ExtendedAttributes.Write(parent, name, entry.Attributes);
        if (entry.Type != EntryType.SymbolicLink)
        {
            parent.SetMode(name, entry.Stat.Mode);
        }

        parent.SetModified(name, entry.Stat.Modified);
    }

    public static void MakeRoom(FolderHandle parent, ReadOnlySpan<byte> name)
    {
        if (parent.TryStat(name, out var present))
        {
            parent.Remove(name, present.Kind == FileKind.Folder);
        }
    }

    public void Dispose()
    {
        CloseFolders();
        _root.Dispose();
    }

    private void CloseFolders()
    {
        foreach (var folder in _folders.Values)
        {
            folder.Dispose();
        }

        _folders.Clear();
    }
}
