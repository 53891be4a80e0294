using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

internal static partial class Native
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    public static bool IsRoot => GetEffectiveUserId() == 0;

    /// <summary>
    /// Sends to a process, or to a process group given as a negative number; false: there is none such.
    /// </summary>
    public static bool Kill(int id, int signal) => KillCore(id, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillCore(int id, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();
}
