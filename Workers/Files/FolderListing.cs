namespace Continuity.Workers.Files;

/// <summary>What is below a folder: relative paths with '/', links not followed.</summary>
internal sealed class FolderListing
{
    /// <summary>What is there, by relative path. The folder itself is not among them.</summary>
    public Dictionary<string, FolderEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of the entries that are devices, pipes or sockets, which are never copied.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>Files that a worker began and never finished.</summary>
    public List<string> Temporaries { get; } = [];
}

/// <summary>One name below a folder.</summary>
/// <param name="Facts">What the file system says of it.</param>
/// <param name="LinkTarget">Where a link points, as written in it.</param>
internal readonly record struct FolderEntry(FileFacts Facts, string? LinkTarget = null);
