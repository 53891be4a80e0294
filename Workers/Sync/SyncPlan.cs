using Continuity.Workers.Files;

namespace Continuity.Workers.Sync;

/// <summary>Everything that a sync will change, known before it changes anything.</summary>
internal sealed class SyncPlan
{
    /// <summary>
    /// Names that stand where something of another kind must be: removed first, folders with all they hold.
    /// </summary>
    public List<string> Obstacles { get; } = [];

    /// <summary>Parents before children.</summary>
    public List<string> NewFolders { get; } = [];

    public List<FileWork> Files { get; } = [];

    public List<(string Path, FolderEntry Entry)> Links { get; } = [];

    /// <summary>Files that are equal but for their mode.</summary>
    public List<(string Path, UnixFileMode Mode)> Modes { get; } = [];

    /// <summary>Files that go with the folders among the obstacles.</summary>
    public long FilesBelowObstacles { get; set; }

    /// <summary>Children before parents; nothing below an obstacle.</summary>
    public List<string> Deletions { get; } = [];

    public long FilesExamined { get; set; }

    public long BytesToCopy { get; set; }

    /// <summary>What obstacles and deletions, and the files that are replaced, give back in the end.</summary>
    public long BytesToFree { get; set; }
}

/// <summary>A file that is copied.</summary>
/// <param name="Path">Relative to both folders.</param>
/// <param name="Source">What the scan saw.</param>
/// <param name="CompareFirst">
/// Whether the content may be equal: then both are hashed, and copied only if they differ.
/// </param>
internal readonly record struct FileWork(string Path, FileFacts Source, bool CompareFirst);
