namespace Continuity.Vault.Files;

/// <summary>What kind of thing a folder's entry is; the numbers are those of the file system's mode.</summary>
internal enum FileKind
{
    Fifo = 0x1000,
    CharacterDevice = 0x2000,
    Folder = 0x4000,
    BlockDevice = 0x6000,
    File = 0x8000,
    SymbolicLink = 0xA000,
    Socket = 0xC000,
}

/// <summary>What the file system tells of an entry. Times are nanoseconds since 1970, UTC.</summary>
internal readonly record struct FileStat
{
    private const int KindMask = 0xF000;

    /// <summary>The mode with the kind's bits.</summary>
    public int RawMode { get; init; }

    public FileKind Kind => (FileKind)(RawMode & KindMask);

    /// <summary>Permissions, and the set-user, set-group and sticky bits.</summary>
    public int Mode => RawMode & ~KindMask;

    public uint User { get; init; }

    public uint Group { get; init; }

    public long Size { get; init; }

    /// <summary>Bytes that the file takes on the disk; fewer than its size where it has holes.</summary>
    public long AllocatedBytes { get; init; }

    public long Modified { get; init; }

    public long Changed { get; init; }

    public ulong Inode { get; init; }

    public ulong Device { get; init; }

    /// <summary>For device nodes: the device that the node stands for.</summary>
    public ulong NodeDevice { get; init; }

    public int Links { get; init; }
}
