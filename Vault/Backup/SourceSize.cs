using Continuity.Vault.Files;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Backup;

/// <summary>Adds up what a backup is about to read, so that the time left can be told.</summary>
public static class SourceSize
{
    /// <summary>Walks the roots as a backup does, without reading files.</summary>
    /// <param name="options">The backup's options.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>The bytes of all files, or null if the walk ended early: nothing depends on the answer.</returns>
    public static long? Measure(BackupOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var bytes = 0L;
        try
        {
            using var walker = new SourceWalker(options);
            foreach (var item in walker.Walk())
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return null;
                }

                bytes += item.Entry is { Type: EntryType.File } file ? file.Stat.Size : 0;
            }

            return bytes;
        }
        catch (FileSystemException)
        {
            return null;
        }
    }
}
