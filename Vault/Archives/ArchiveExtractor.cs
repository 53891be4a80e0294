using Continuity.Vault.Files;
using Continuity.Vault.Restore;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Archives;

/// <summary>Unpacks a tar archive below a folder; no entry leads out of it, whatever the archive says.</summary>
internal sealed class ArchiveExtractor(string folder) : IDisposable
{
    private readonly TargetTree _tree = new(folder, Environment.IsPrivilegedProcess);
    private readonly List<ManifestEntry> _folders = [];

    public void Extract(Stream archive, CancellationToken cancellationToken)
    {
        var reader = new ArchiveReader(archive);
        while (reader.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Extract(reader, entry);
        }

        // The innermost first, and all of them last: writing into a folder changes its time.
        foreach (var made in _folders.OrderByDescending(made => made.Path, Comparer<byte[]>.Create(
            static (left, right) => FilePath.Compare(left, right))))
        {
            _tree.SetMetadata(made);
        }
    }

    public void Dispose() => _tree.Dispose();

    private void Extract(ArchiveReader reader, ArchiveEntry entry)
    {
        var described = Describe(entry);
        if (described.Path.Length == 0)
        {
            if (described.Type == EntryType.Folder)
            {
                _folders.Add(described);
            }

            return;
        }

        _tree.MakeFolder(described.Path.AsSpan(0, FilePath.Split(described.Path).FolderLength));
        switch (described.Type)
        {
            case EntryType.Folder:
                _tree.MakeFolder(described.Path);
                _folders.Add(described);
                break;
            case EntryType.File:
                Write(described, reader);
                break;
            case EntryType.HardLink:
                Link(described);
                break;
            default:
                _tree.MakeSpecial(described);
                break;
        }
    }

    private void Link(ManifestEntry entry)
    {
        try
        {
            _tree.MakeHardLink(entry);
        }
        catch (FileSystemException exception)
        {
            throw new ArchiveException(
                $"'{entry.DisplayPath}' is a hard link to '{FilePath.Display(entry.Target)}', which it doesn't hold",
                exception);
        }
    }

    private void Write(ManifestEntry entry, ArchiveReader reader)
    {
        const uint OwnerOnly = 0x180;
        const int NewFile = NativeMethods.ReadWrite | NativeMethods.Create | NativeMethods.Exclusive;
        var parent = _tree.OpenParent(entry.Path, out var name);
        TargetTree.MakeRoom(parent, name);
        using (var file = parent.OpenFile(name, NewFile, OwnerOnly))
        {
            reader.CopyContent(file, name);
        }

        _tree.SetMetadata(entry);
    }

    private static ManifestEntry Describe(ArchiveEntry entry) => new()
    {
        Type = entry.Type,
        Path = SafePath(entry.Path),
        Target = entry.Type == EntryType.HardLink ? SafePath(entry.Target) : entry.Target,
        Stat = entry.Stat,
        Attributes = entry.Attributes,
    };

    // Archives are made of `.` and of `folder/` as often as of plain paths.
    private static byte[] SafePath(byte[] written)
    {
        var path = written.AsSpan().TrimEnd(FilePath.Separator);
        while (path.StartsWith("./"u8))
        {
            path = path[2..].TrimStart(FilePath.Separator);
        }

        path = path.SequenceEqual("."u8) ? [] : path;
        return FilePath.IsSafe(path) && (path.Length > 0 || written.AsSpan().StartsWith("."u8))
            ? path.ToArray()
            : throw new ArchiveException(
                $"'{FilePath.Display(written)}' would be outside the folder that it is unpacked to");
    }
}
