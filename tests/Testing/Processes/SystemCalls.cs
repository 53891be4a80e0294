using System.Runtime.InteropServices;

namespace Continuity.Testing.Processes;

internal static partial class SystemCalls
{
    public static bool IsRoot => EffectiveUserId() == 0;

    /// <summary>Sends a signal to one process; that it is gone already is no error.</summary>
    public static void Kill(int processId, UnixSignal signal)
    {
        const int noSuchProcess = 3;
        if (Kill(processId, (int)signal) < 0 && Marshal.GetLastPInvokeError() != noSuchProcess)
        {
            throw new InvalidOperationException(
                $"Process {processId} took no {signal}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
