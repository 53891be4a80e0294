using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Continuity.Vault.Storage;

/// <summary>What the platform's file API lacks: direct I/O, a rename that never replaces, flushed folders.</summary>
internal static partial class FileSystem
{
    private const int SetFlags = 4; // F_SETFL
    private const int GetFlags = 3; // F_GETFL
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint NoReplace = 1; // RENAME_NOREPLACE

    private const int NotPermitted = 1;
    private const int AlreadyExists = 17;
    private const int InvalidArgument = 22;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int NotImplemented = 38;
    private const int QuotaExceeded = 122;

    /// <summary>Gets the options that show hidden files too and report what cannot be read.</summary>
    public static EnumerationOptions Everything => new()
    {
        RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false,
    };

    // O_DIRECT differs between architectures.
    private static int DirectFlag => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.Arm64 or Architecture.Arm => 0x10000,
        Architecture.Ppc64le => 0x20000,
        _ => 0x4000,
    };

    /// <summary>Switches a file between direct and cached I/O.</summary>
    /// <returns>Whether it was switched; many file systems refuse direct I/O (FUSE, some network mounts).</returns>
    public static bool TrySetDirect(SafeFileHandle file, bool enabled)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        var flags = FileFlags(file, GetFlags, 0);
        return flags >= 0
            && FileFlags(file, SetFlags, enabled ? flags | DirectFlag : flags & ~DirectFlag) == 0;
    }

    /// <summary>Renames a file in one step.</summary>
    /// <returns>Whether it was renamed; <see langword="false"/> only if the target exists and must be kept.</returns>
    public static bool Rename(string source, string target, bool replace)
    {
        if (replace)
        {
            File.Move(source, target, overwrite: true);
            return true;
        }

        if (!OperatingSystem.IsLinux())
        {
            return MoveIfAbsent(source, target);
        }

        if (RenameNoReplace(CurrentFolder, source, CurrentFolder, target, NoReplace) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() switch
        {
            AlreadyExists => false,
            // The file system does not know the flag (NFS, some FUSE): hard links decide there.
            InvalidArgument or NotImplemented or NotPermitted => MoveIfAbsent(source, target),
            _ => throw new IOException(
                $"Could not rename '{source}' to '{target}': {Marshal.GetLastPInvokeErrorMessage()}",
                Marshal.GetLastPInvokeError()),
        };
    }

    /// <summary>Makes the entries of a folder (created, renamed, deleted files) survive a loss of power.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS journals the change itself; folders cannot be flushed there.
        }

        using var handle = new SafeFileHandle(OpenFolder(folder, 0), ownsHandle: true);
        if (handle.IsInvalid || Flush(handle) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            // Some network file systems refuse to flush a folder; they write its entries through by themselves.
            if (error != InvalidArgument)
            {
                throw new IOException(
                    $"Could not flush the folder '{folder}': {Marshal.GetPInvokeErrorMessage(error)}", error);
            }
        }
    }

    // HResult holds errno on Unix when the runtime knows no better value.
    public static bool IsFull(IOException exception) =>
        exception.HResult is NoSpace or QuotaExceeded or unchecked((int)0x80070070) or unchecked((int)0x80070027);

    public static bool IsReadOnly(IOException exception) => exception.HResult == ReadOnlyFileSystem;

    private static bool MoveIfAbsent(string source, string target)
    {
        try
        {
            File.Move(source, target, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(target) && File.Exists(source))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileFlags(SafeFileHandle file, int command, int flags);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameNoReplace(
        int sourceFolder, string source, int targetFolder, string target, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(SafeFileHandle file);
}
