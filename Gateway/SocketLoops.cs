namespace Continuity.Gateway;

/// <summary>Has requests run where their sockets' events arrive, instead of on another thread.</summary>
/// <remarks>
/// Handing a request's few microseconds of work to a pool thread costs two system calls and a switch, each time bytes
/// come. In exchange nothing on a request's way may block or compute for long: see <see cref="IsLongWork"/>.
/// </remarks>
internal static class SocketLoops
{
    private const string Switch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    // Below this, checking and copying a body takes less than a tenth of a millisecond.
    private const int LongWorkBytes = 128 * 1024;

    /// <summary>To be called before the process opens its first socket; a value set from outside stays.</summary>
    public static void Use()
    {
        if (Environment.GetEnvironmentVariable(Switch) is null)
        {
            Environment.SetEnvironmentVariable(Switch, "1");
        }
    }

    /// <summary>Whether work on so many bytes belongs on a pool thread, lest other requests wait for it.</summary>
    public static bool IsLongWork(int bytes) => bytes > LongWorkBytes;
}
