using System.Runtime.InteropServices;

namespace Continuity.Vault.Files;

/// <summary>A call of the file system failed.</summary>
/// <param name="action">What was done, such as "open".</param>
/// <param name="path">To what.</param>
/// <param name="error">The system's error number.</param>
internal sealed class FileSystemException(string action, string path, int error)
    : IOException($"Can't {action} '{path}': {Marshal.GetPInvokeErrorMessage(error)}.")
{
    public int Error { get; } = error;

    /// <summary>Of the call that failed last; an empty path is the folder itself.</summary>
    public static FileSystemException Last(string action, ReadOnlySpan<byte> path) =>
        new(action, path.IsEmpty ? "." : FilePath.Display(path), Marshal.GetLastPInvokeError());
}
