using Continuity.Vault.Files;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Snapshots;

/// <summary>A snapshot: a folder tree as it was at a point in time.</summary>
public sealed record SnapshotInfo
{
    internal SnapshotInfo(BlobId id, SnapshotRecord record)
    {
        Id = id;
        Record = record;
    }

    /// <summary>Gets the snapshot's id.</summary>
    public BlobId Id { get; }

    /// <summary>Gets when the backup began, by the clock of the machine that made it.</summary>
    public DateTimeOffset Time => UnixTime.FromNanoseconds(Record.Time);

    /// <summary>Gets the machine that made it.</summary>
    public string Host => Record.Host;

    /// <summary>Gets who made it.</summary>
    public string User => Record.User;

    /// <summary>Gets the program that made it.</summary>
    public string Program => Record.Program;

    /// <summary>Gets what was backed up.</summary>
    public IReadOnlyList<string> Roots => [.. Record.Roots.Select(root => FilePath.Display(root))];

    /// <summary>Gets its tags.</summary>
    public IReadOnlyList<string> Tags => Record.Tags;

    /// <summary>Gets the snapshot that it was compared with when it was made.</summary>
    public BlobId? Parent => Record.Parent;

    /// <summary>Gets whether it was made with a key that can only write, here or where it was copied from.</summary>
    public bool IsByWriterKey { get; init; }

    /// <summary>Gets what it holds and what was new.</summary>
    public SnapshotStatistics Statistics => Record.Statistics;

    /// <summary>Gets the paths that couldn't be read or changed while they were read; at most 10,000.</summary>
    public IReadOnlyList<string> Unreadable => [.. Record.Unreadable.Select(path => FilePath.Display(path))];

    /// <summary>Gets whether what was backed up was whole: `complete`, `unchecked`, or the sentence why not.</summary>
    public string Consistency => Record.Consistency;

    internal SnapshotRecord Record { get; }
}
