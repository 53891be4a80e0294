namespace Continuity.Workers.Files;

internal enum FileKind
{
    File,
    Folder,
    Link,

    /// <summary>A device, pipe or socket: neither copied nor archived.</summary>
    Other,
}

/// <summary>What the file system says of one name, links not followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">Last change of the content, nanoseconds since 1970 (UTC).</param>
/// <param name="Changed">Last change of content or status, the kernel's own clock: nobody can set it back.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Inode">The file's identity within its file system.</param>
internal readonly record struct FileFacts(
    FileKind Kind, long Size, long Modified, long Changed, UnixFileMode Mode, ulong Inode)
{
    /// <summary>
    /// Whether the same bytes can be expected: nobody replaced, wrote or even touched the file in between.
    /// </summary>
    public bool IsSameVersionAs(FileFacts other) =>
        Inode == other.Inode && Size == other.Size && Modified == other.Modified && Changed == other.Changed;
}
