using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Continuity.Workers.Files;

/// <summary>
/// The few calls of the C library that .NET's file API lacks: status with nanoseconds and without following links,
/// fsync of a folder, times of a link, exchange of two names. Failures are <see cref="IOException"/>s whose HResult
/// is the errno.
/// </summary>
internal static partial class Posix
{
    internal const int NoEntry = 2;
    internal const int NotAFolder = 20;

    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStatus = 0x7ff;
    private const int OpenReadOnly = 0;
    private const int OpenReadWrite = 0x2;
    private const int OpenCreate = 0x40;
    private const int OpenExclusive = 0x80;
    private const int OpenNonBlocking = 0x800;
    private const int OpenCloseOnExec = 0x80000;
    private const uint RenameExchange = 2;

    // These two flags are the only ones here that differ between the processors that .NET runs on.
    private static readonly int OpenFolder = IsArm ? 0x4000 : 0x10000;
    private static readonly int OpenNoFollow = IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary>What stands at the path, links not followed; <see langword="null"/> when nothing does.</summary>
    public static FileFacts? Inspect(string path)
    {
        if (statx(CurrentFolder, path, NoFollow, BasicStatus, out var buffer) == 0)
        {
            return buffer.ToFacts();
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno is NoEntry or NotAFolder ? null : throw Failure(errno, path);
    }

    public static FileFacts Inspect(SafeFileHandle handle, string path)
    {
        var descriptor = (int)handle.DangerousGetHandle();
        return statx(descriptor, string.Empty, EmptyPath, BasicStatus, out var buffer) == 0
            ? buffer.ToFacts()
            : throw Failure(Marshal.GetLastPInvokeError(), path);
    }

    /// <summary>Opens a file to read. A link in its place is refused, and a pipe does not block.</summary>
    public static SafeFileHandle OpenToRead(string path) =>
        Open(path, OpenReadOnly | OpenNoFollow | OpenNonBlocking | OpenCloseOnExec, 0);

    /// <summary>Creates a file that must not exist, readable by its owner only until its mode is set.</summary>
    public static SafeFileHandle CreateNew(string path) =>
        Open(path, OpenReadWrite | OpenCreate | OpenExclusive | OpenNoFollow | OpenCloseOnExec, 0x180);

    /// <summary>Makes the names in a folder durable: a rename is on disk only after this.</summary>
    public static void SyncFolder(string path)
    {
        using var folder = Open(path, OpenReadOnly | OpenFolder | OpenCloseOnExec, 0);
        Check(fsync((int)folder.DangerousGetHandle()), path);
    }

    /// <summary>Makes everything durable that was written to the file system which holds the folder.</summary>
    public static void SyncFileSystem(string path)
    {
        using var folder = Open(path, OpenReadOnly | OpenFolder | OpenCloseOnExec, 0);
        Check(syncfs((int)folder.DangerousGetHandle()), path);
    }

    public static void Rename(string from, string to) => Check(rename(from, to), to);

    /// <summary>Swaps two names in one step; <see langword="false"/> when the file system cannot.</summary>
    public static bool TryExchange(string first, string second)
    {
        if (renameat2(CurrentFolder, first, CurrentFolder, second, RenameExchange) == 0)
        {
            return true;
        }

        const int InvalidArgument = 22;
        const int NotImplemented = 38;
        var errno = Marshal.GetLastPInvokeError();
        return errno is InvalidArgument or NotImplemented ? false : throw Failure(errno, second);
    }

    /// <summary>Removes a file or link; a name that is gone already is fine.</summary>
    public static void Unlink(string path)
    {
        if (unlink(path) != 0 && Marshal.GetLastPInvokeError() is var errno and not (NoEntry or NotAFolder))
        {
            throw Failure(errno, path);
        }
    }

    /// <summary>Removes a file when it can be removed: for cleaning up after a failure that is told already.</summary>
    public static void TryUnlink(string path) => _ = unlink(path);

    /// <summary>
    /// Sets the time of the last change of a file, a folder, or a link itself; the access time stays.
    /// </summary>
    public static void SetModified(string path, long nanoseconds)
    {
        ReadOnlySpan<TimeSpec> times = [TimeSpec.Omit, TimeSpec.FromNanoseconds(nanoseconds)];
        Check(utimensat(CurrentFolder, path, in times[0], NoFollow), path);
    }

    public static void SetModified(SafeFileHandle handle, long nanoseconds, string path)
    {
        ReadOnlySpan<TimeSpec> times = [TimeSpec.Omit, TimeSpec.FromNanoseconds(nanoseconds)];
        Check(futimens((int)handle.DangerousGetHandle(), in times[0]), path);
    }

    public static IOException Failure(int errno, string path) =>
        new($"{Marshal.GetPInvokeErrorMessage(errno)}: '{path}'.", errno);

    private static SafeFileHandle Open(string path, int flags, uint mode)
    {
        var descriptor = open(path, flags, mode);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw Failure(Marshal.GetLastPInvokeError(), path);
    }

    private static void Check(int result, string path)
    {
        if (result != 0)
        {
            throw Failure(Marshal.GetLastPInvokeError(), path);
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, out StatxBuffer buffer);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(int descriptor);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unlink(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int utimensat(int folder, string path, in TimeSpec times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int futimens(int descriptor, in TimeSpec times);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds)
    {
        public static TimeSpec Omit => new(0, 0x3ffffffe);

        public static TimeSpec FromNanoseconds(long nanoseconds)
        {
            var (seconds, rest) = Math.DivRem(nanoseconds, 1_000_000_000);
            return rest < 0 ? new(seconds - 1, rest + 1_000_000_000) : new(seconds, rest);
        }
    }
}
