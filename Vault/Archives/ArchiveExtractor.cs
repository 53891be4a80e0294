using System.Formats.Tar;
using Continuity.Vault.Files;
using Continuity.Vault.Formats;
using Continuity.Vault.Restore;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Archives;

/// <summary>Unpacks a tar archive below a folder; no entry leads out of it, whatever the archive says.</summary>
internal sealed class ArchiveExtractor(string folder) : IDisposable
{
    private const string AttributePrefix = "SCHILY.xattr.";

    private readonly TargetTree _tree = new(folder, Environment.IsPrivilegedProcess);
    private readonly List<ManifestEntry> _folders = [];

    public void Extract(Stream archive, CancellationToken cancellationToken)
    {
        using var reader = new TarReader(archive, leaveOpen: true);
        while (Next(reader) is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Extract(entry);
        }

        // The innermost first, and all of them last: writing into a folder changes its time.
        foreach (var made in _folders.OrderByDescending(made => made.Path, Comparer<byte[]>.Create(
            static (left, right) => FilePath.Compare(left, right))))
        {
            _tree.SetMetadata(made);
        }
    }

    public void Dispose() => _tree.Dispose();

    private static TarEntry? Next(TarReader reader)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new ArchiveException($"it can't be read: {exception.Message}", exception);
        }
    }

    private void Extract(TarEntry entry)
    {
        if (TypeOf(entry.EntryType) is not { } type)
        {
            throw new ArchiveException($"'{entry.Name}' is of a type ({entry.EntryType}) that isn't understood");
        }

        var described = Describe(entry, type);
        if (described.Path.Length == 0)
        {
            return;
        }

        _tree.MakeFolder(described.Path.AsSpan(0, FilePath.Split(described.Path).FolderLength));
        switch (type)
        {
            case EntryType.Folder:
                _tree.MakeFolder(described.Path);
                _folders.Add(described);
                break;
            case EntryType.File:
                Write(described, entry.DataStream);
                break;
            case EntryType.HardLink:
                _tree.MakeHardLink(described);
                break;
            default:
                _tree.MakeSpecial(described);
                break;
        }
    }

    private void Write(ManifestEntry entry, Stream? content)
    {
        const uint OwnerOnly = 0x180;
        const int NewFile = NativeMethods.ReadWrite | NativeMethods.Create | NativeMethods.Exclusive;
        var parent = _tree.OpenParent(entry.Path, out var name);
        TargetTree.MakeRoom(parent, name);
        using (var file = new FileStream(parent.OpenFile(name, NewFile, OwnerOnly), FileAccess.Write))
        {
            try
            {
                content?.CopyTo(file);
            }
            catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
            {
                throw new ArchiveException($"it ends inside '{entry.DisplayPath}'", exception);
            }
        }

        _tree.SetMetadata(entry);
    }

    private static ManifestEntry Describe(TarEntry entry, EntryType type) => new()
    {
        Type = type,
        Path = SafePath(entry.Name),
        Target = type switch
        {
            EntryType.SymbolicLink => FilePath.FromText(entry.LinkName),
            EntryType.HardLink => SafePath(entry.LinkName),
            _ => [],
        },
        Stat = new FileStat
        {
            RawMode = (int)ManifestEntry.KindOf(type) | (int)entry.Mode,
            User = (uint)entry.Uid,
            Group = (uint)entry.Gid,
            Modified = UnixTime.ToNanoseconds(entry.ModificationTime),
            NodeDevice = entry is PosixTarEntry posix
                ? ((ulong)(uint)posix.DeviceMajor << 32) | (uint)posix.DeviceMinor
                : 0,
        },
        Attributes = entry is PaxTarEntry pax ? Attributes(pax) : [],
    };

    private static ExtendedAttribute[] Attributes(PaxTarEntry entry) =>
    [
        .. from attribute in entry.ExtendedAttributes
           where attribute.Key.StartsWith(AttributePrefix, StringComparison.Ordinal)
           select new ExtendedAttribute(
               FilePath.FromText(attribute.Key[AttributePrefix.Length..]), FilePath.FromText(attribute.Value)),
    ];

    // Archives are made of `.` and of `folder/` as often as of plain paths.
    private static byte[] SafePath(string name)
    {
        var path = name.TrimEnd('/');
        while (path.StartsWith("./", StringComparison.Ordinal))
        {
            path = path[2..].TrimStart('/');
        }

        var bytes = path == "." ? [] : FilePath.FromText(path);
        return FilePath.IsSafe(bytes)
            ? bytes
            : throw new ArchiveException($"'{name}' would be outside the folder that it is unpacked to");
    }

    private static EntryType? TypeOf(TarEntryType type) => type switch
    {
        TarEntryType.Directory or TarEntryType.DirectoryList => EntryType.Folder,
        TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile => EntryType.File,
        TarEntryType.SymbolicLink => EntryType.SymbolicLink,
        TarEntryType.HardLink => EntryType.HardLink,
        TarEntryType.Fifo => EntryType.Fifo,
        TarEntryType.CharacterDevice => EntryType.CharacterDevice,
        TarEntryType.BlockDevice => EntryType.BlockDevice,
        _ => null,
    };
}
