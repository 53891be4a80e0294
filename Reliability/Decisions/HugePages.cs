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
        // From the first place in it where a huge page may begin.
        var skipped = (nuint)(-(nint)start) & (Size - 1);
        if (bytes >= skipped + Size && OperatingSystem.IsLinux())
        {
            _ = Advise((byte*)start + skipped, (bytes - skipped) & ~(Size - 1), PreferHugePages);
        }
    }

    /// <summary>An array of the managed heap whose every element is going to be written before it is read.</summary>
    public static T[] NewArray<T>(int length)
        where T : unmanaged
    {
        var array = GC.AllocateUninitializedArray<T>(length, pinned: (nuint)length * (nuint)sizeof(T) >= 2 * Size);
        if ((nuint)length * (nuint)sizeof(T) >= 2 * Size)
        {
            // Pinned, so that its address stays.
            fixed (T* start = array)
            {
                Prefer(start, (nuint)length * (nuint)sizeof(T));
            }
        }

        return array;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
