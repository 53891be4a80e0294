using Continuity.Workers.Files;

namespace Continuity.Workers.Backup;

/// <summary>
/// Where a restore is written before any of it is put in place; inside the target, so on the same file system.
/// </summary>
internal sealed class StagingFolder(string root)
{
    private const int BufferBytes = 256 * 1024;

    // Never through links: they lead to folders that are not ours.
    private static readonly EnumerationOptions _foldersOnly = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        RecurseSubdirectories = true,
    };

    public string Root { get; } = root;

    public void AddFolder(string path) =>
        FileOperationException.Writing(path, () => Directory.CreateDirectory(Path.Join(Root, path)));

    public Stream CreateFile(string path) =>
        FileOperationException.Writing(path, () => new FileStream(
            Path.Join(Root, path), FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes));

    /// <summary>Makes the links, and sets modes and times; then makes all of it durable.</summary>
    public void Finish(ArchiveManifest manifest) =>
        FileOperationException.Writing(Root, () =>
        {
            foreach (var entry in manifest.Entries.Where(entry => entry.Kind == ArchiveDigest.Link))
            {
                // Not null: checked against what the archive holds.
                File.CreateSymbolicLink(Path.Join(Root, entry.Path), entry.Target!);
            }

            // Children first: writing into a folder changes its time.
            foreach (var entry in manifest.Entries.OrderByDescending(entry => entry.Path, StringComparer.Ordinal))
            {
                if (!IsAtTop(entry))
                {
                    Stamp(Path.Join(Root, entry.Path), entry);
                }
            }

            Posix.SyncFileSystem(Root);
            return true;
        });

    /// <summary>
    /// Gives the names at the top, once they are in place, their modes and times: a folder that its owner may not
    /// write could not be moved there.
    /// </summary>
    public static void StampTop(string target, ArchiveManifest manifest)
    {
        foreach (
            var entry in manifest.Entries.Where(IsAtTop).OrderByDescending(entry => entry.Path, StringComparer.Ordinal))
        {
            Stamp(entry.Path == "." ? target : Path.Join(target, entry.Path), entry);
        }
    }

    /// <summary>Deletes a folder also where its owner may not write in it.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            foreach (
                var below in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Prepend(folder))
            {
                File.SetUnixFileMode(below, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsAtTop(ArchiveEntry entry) => !entry.Path.Contains('/', StringComparison.Ordinal);

    private static void Stamp(string place, ArchiveEntry entry)
    {
        if (entry.Kind != ArchiveDigest.Link)
        {
            File.SetUnixFileMode(place, (UnixFileMode)(entry.Mode & 0xfff));
        }

        Posix.SetModified(place, entry.Modified);
    }
}
