using Continuity.Vault.Formats;

namespace Continuity.Vault.Snapshots;

/// <summary>An entry of a snapshot's tree, for people.</summary>
/// <param name="Path">The path from the snapshot's root; bytes that aren't UTF-8 are shown as \xNN.</param>
/// <param name="Kind">`folder`, `file`, `symbolic link`, `hard link`, `fifo`, `character device`, `block device` or
/// `socket`.</param>
/// <param name="Size">Bytes of a file.</param>
/// <param name="Mode">Permissions.</param>
/// <param name="User">The owner's number.</param>
/// <param name="Group">The group's number.</param>
/// <param name="Modified">When its content changed.</param>
/// <param name="LinkTarget">What a link points at.</param>
public sealed record SnapshotEntry(
    string Path, string Kind, long Size, int Mode, uint User, uint Group, DateTimeOffset Modified, string LinkTarget)
{
    internal static SnapshotEntry From(ManifestEntry entry) => new(
        entry.DisplayPath,
        NameOf(entry.Type),
        entry.Stat.Size,
        entry.Stat.Mode,
        entry.Stat.User,
        entry.Stat.Group,
        UnixTime.FromNanoseconds(entry.Stat.Modified),
        Files.FilePath.Display(entry.Target));

    private static string NameOf(EntryType type) => type switch
    {
        EntryType.Folder => "folder",
        EntryType.SymbolicLink => "symbolic link",
        EntryType.HardLink => "hard link",
        EntryType.Fifo => "fifo",
        EntryType.CharacterDevice => "character device",
        EntryType.BlockDevice => "block device",
        EntryType.Socket => "socket",
        _ => "file",
    };
}

/// <summary>What happened to an entry between two snapshots.</summary>
public enum SnapshotChange
{
    /// <summary>Only the newer snapshot has it.</summary>
    Added,

    /// <summary>Only the older snapshot has it.</summary>
    Removed,

    /// <summary>Its content, kind or link target changed.</summary>
    Modified,

    /// <summary>Its permissions, owner, times or attributes changed, and nothing else.</summary>
    MetadataChanged,
}

/// <summary>A difference between two snapshots.</summary>
/// <param name="Path">The path from the snapshots' roots.</param>
/// <param name="Change">What happened.</param>
/// <param name="SizeBefore">Bytes in the older snapshot.</param>
/// <param name="SizeAfter">Bytes in the newer snapshot.</param>
public sealed record SnapshotDifference(string Path, SnapshotChange Change, long SizeBefore, long SizeAfter);

/// <summary>An entry that was found in a snapshot.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Entry">The entry.</param>
public sealed record SnapshotMatch(SnapshotInfo Snapshot, SnapshotEntry Entry);
