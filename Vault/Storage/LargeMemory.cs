using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Continuity.Vault.Storage;

/// <summary>Working memory that begins on a page boundary and never moves.</summary>
/// <remarks>Memory costs when it is touched first: a fault for each page of 4 KiB, and on a virtual machine another one
/// in its host. So large buffers ask for pages of 2 MiB, which a system that has none to spare refuses silently. The
/// collector frees what nobody holds any more.</remarks>
internal static partial class LargeMemory
{
    /// <summary>What memory of at least this size is taken in multiples of, where the system allows it.</summary>
    public const int HugePageBytes = 2 << 20;

    private const int UseHugePages = 14; // MADV_HUGEPAGE

    /// <summary>Allocates memory with undefined content.</summary>
    public static unsafe Memory<byte> Allocate(int bytes)
    {
        var alignment = bytes >= HugePageBytes ? HugePageBytes : AlignedMemoryPool.Alignment;
        var array = GC.AllocateUninitializedArray<byte>(checked(bytes + alignment), pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref array[0]);
        var offset = (int)(((nuint)alignment - (address % (nuint)alignment)) % (nuint)alignment);
        if (alignment == HugePageBytes && OperatingSystem.IsLinux())
        {
            // Advice: whether it is taken changes nothing but the speed.
            _ = Advise((byte*)address + offset, (nuint)(bytes / HugePageBytes * HugePageBytes), UseHugePages);
        }

        return array.AsMemory(offset, bytes);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static unsafe partial int Advise(byte* start, nuint length, int advice);
}
