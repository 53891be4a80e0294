using System.Runtime.InteropServices;

namespace Continuity.Reliability.Decisions;

/// <summary>Asks the system to back memory with huge pages: advice, so that it may be ignored.</summary>
internal static unsafe partial class HugePages
{
    /// <summary>Where a huge page may begin, and the least that is worth one.</summary>
    public const nuint Size = 1 << 21;

    // MADV_HUGEPAGE of Linux, where most systems grant huge pages on request only.
    private const int PreferHugePages = 14;

    public static void Prefer(void* start, nuint bytes)
    {
        if (bytes >= Size && OperatingSystem.IsLinux())
        {
            _ = Advise(start, bytes & ~(Size - 1), PreferHugePages);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
