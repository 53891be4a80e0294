using Continuity.Vault.Files;
using Microsoft.Win32.SafeHandles;

namespace Continuity.Vault.Backup;

/// <summary>Notices files that change while they are read.</summary>
internal static class SourceProblem
{
    /// <summary>Looks at a file once more when it has been read.</summary>
    /// <returns>A sentence if what was read may be a mixture; null if the file kept still.</returns>
    public static string? AfterReading(SourceItem item, SafeFileHandle handle, long readBytes)
    {
        var before = item.Entry!.Stat;
        var after = FolderHandle.Stat(handle, item.Name);
        return after.Modified == before.Modified && after.Size == before.Size && readBytes == before.Size
            && after.Inode == before.Inode
            ? null
            : $"'{item.Entry.DisplayPath}' changed while it was read.";
    }
}
