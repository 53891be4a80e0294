using Continuity.Vault.Checkpoints;

namespace Continuity.Vault.Backup;

/// <summary>What to back up, and how.</summary>
public sealed record BackupOptions
{
    /// <summary>Gets the folders or files to back up.</summary>
    public required IReadOnlyList<string> Roots { get; init; }

    /// <summary>Gets what the snapshot says it was made of, where that isn't where the content lies now.</summary>
    /// <value>Empty, the default, is <see cref="Roots"/>.</value>
    public IReadOnlyList<string> RecordedRoots { get; init; } = [];

    /// <summary>Gets the name of this machine, by which the next backup finds this one.</summary>
    public string Host { get; init; } = Environment.MachineName;

    /// <summary>Gets the name of the user.</summary>
    public string User { get; init; } = Environment.UserName;

    /// <summary>Gets the tags of the snapshot.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Gets the patterns of paths that are left out, with all that is below them.</summary>
    /// <value>One that begins with `/` is a path within a root, or a whole one.</value>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Gets whether folders where another file system is mounted are kept without what is in them.</summary>
    public bool OneFileSystem { get; init; }

    /// <summary>Gets how many threads hash, encode and encrypt.</summary>
    /// <value>The default value is the number of processors.</value>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Gets whether every file is read even if it looks unchanged, and every chunk's id computed even if its
    /// check is known.</summary>
    public bool ReadUnchanged { get; init; }

    /// <summary>Gets what is asked of checkpoints in the roots before a snapshot is made.</summary>
    /// <value>Null, the default, asks nothing: the snapshot says `unchecked`.</value>
    public CheckpointPolicy? Checkpoints { get; init; }

    /// <summary>Gets whether all is done but nothing is written to the repository.</summary>
    public bool DryRun { get; init; }
}
