namespace Continuity.Vault.Restore;

/// <summary>What to restore, where to, and how.</summary>
public sealed record RestoreOptions
{
    /// <summary>Gets the folder that gets the snapshot's tree; made if it doesn't exist.</summary>
    public required string Target { get; init; }

    /// <summary>Gets the paths and patterns to restore, with all that is below them.</summary>
    /// <value>Empty, the default, is everything.</value>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Gets the patterns that are left out, with all that is below them.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Gets whether the target changes in one step: the tree is restored beside it and swapped in when it is
    /// complete and checked. What was in the target before is removed.</summary>
    public bool Atomic { get; init; }

    /// <summary>Gets whether owners are restored.</summary>
    /// <value>By default if the process is root's.</value>
    public bool Owners { get; init; } = Environment.IsPrivilegedProcess;

    /// <summary>Gets how content is written.</summary>
    /// <value>The default value is <see cref="WritePath.Automatic"/>.</value>
    public WritePath Writes { get; init; } = WritePath.Automatic;

    /// <summary>Gets how many threads read, decrypt, decode and write. One that waits for the disk comes on
    /// top.</summary>
    /// <value>The default value is the number of processors.</value>
    public int Workers { get; init; } = Environment.ProcessorCount;
}

/// <summary>What a restore did.</summary>
/// <param name="Files">Files restored, or found to be as the snapshot says.</param>
/// <param name="Bytes">Bytes of these files.</param>
/// <param name="WrittenBytes">Bytes that had to be written.</param>
/// <param name="Problems">What couldn't be restored as it was; a sentence each. Empty is success.</param>
public sealed record RestoreResult(long Files, long Bytes, long WrittenBytes, IReadOnlyList<string> Problems);

/// <summary>How far a restore is.</summary>
/// <param name="Files">Files done.</param>
/// <param name="Bytes">Bytes done.</param>
/// <param name="TotalBytes">Bytes of the snapshot's files.</param>
public readonly record struct RestoreProgress(long Files, long Bytes, long TotalBytes);
