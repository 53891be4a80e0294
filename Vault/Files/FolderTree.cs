namespace Continuity.Vault.Files;

/// <summary>Whole trees: .NET's own calls fail on names that aren't UTF-8.</summary>
internal static class FolderTree
{
    private const int OwnerOnly = 0x1C0;

    /// <summary>Removes a folder and all that is below it; links are removed, not followed.</summary>
    public static void Remove(string path)
    {
        if (!Path.Exists(path))
        {
            return;
        }

        using var parent = FolderHandle.Open(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
        Remove(parent, FilePath.FromText(Path.GetFileName(path)));
    }

    private static void Remove(FolderHandle parent, ReadOnlySpan<byte> name)
    {
        var isFolder = parent.TryStat(name, out var stat) && stat.Kind == FileKind.Folder;
        if (isFolder)
        {
            parent.SetMode(name, OwnerOnly);
            using var folder = parent.OpenFolder(name);
            foreach (var child in folder.List())
            {
                Remove(folder, child);
            }
        }

        parent.Remove(name, isFolder);
    }
}
