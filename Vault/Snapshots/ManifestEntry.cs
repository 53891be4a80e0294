using Continuity.Vault.Files;

namespace Continuity.Vault.Snapshots;

/// <summary>The type of a manifest record; the numbers are part of the format.</summary>
internal enum EntryType : byte
{
    Folder = 1,
    File = 2,
    SymbolicLink = 3,
    HardLink = 4,
    Fifo = 5,
    CharacterDevice = 6,
    BlockDevice = 7,
    Socket = 8,
    MoreExtents = 9,
}

/// <summary>An entry of a snapshot's tree.</summary>
internal sealed record ManifestEntry
{
    public required EntryType Type { get; init; }

    /// <summary>Relative to the snapshot's root, whose own path is empty.</summary>
    public required byte[] Path { get; init; }

    public required FileStat Stat { get; init; }

    public IReadOnlyList<ExtendedAttribute> Attributes { get; init; } = [];

    /// <summary>A symbolic link's target; a hard link's first path.</summary>
    public byte[] Target { get; init; } = [];

    /// <summary>A file's content. Of a huge file, the first part: more follows in <see cref="EntryType.MoreExtents"/>
    /// records of the same path.</summary>
    public IReadOnlyList<Extent> Extents { get; init; } = [];

    public string DisplayPath => FilePath.Display(Path);

    public static EntryType TypeOf(FileKind kind) => kind switch
    {
        FileKind.Folder => EntryType.Folder,
        FileKind.File => EntryType.File,
        FileKind.SymbolicLink => EntryType.SymbolicLink,
        FileKind.Fifo => EntryType.Fifo,
        FileKind.CharacterDevice => EntryType.CharacterDevice,
        FileKind.BlockDevice => EntryType.BlockDevice,
        _ => EntryType.Socket,
    };

    public static FileKind KindOf(EntryType type) => type switch
    {
        EntryType.Folder => FileKind.Folder,
        EntryType.SymbolicLink => FileKind.SymbolicLink,
        EntryType.Fifo => FileKind.Fifo,
        EntryType.CharacterDevice => FileKind.CharacterDevice,
        EntryType.BlockDevice => FileKind.BlockDevice,
        EntryType.Socket => FileKind.Socket,
        _ => FileKind.File,
    };
}
