using System.Globalization;

namespace Continuity.Gateway;

/// <summary>Has requests run where their sockets' events arrive, instead of on another thread.</summary>
/// <remarks>
/// Handing a request's few microseconds of work to a pool thread costs two system calls and a switch, each time bytes
/// come. In exchange nothing on a request's way may block or compute for long: see <see cref="IsLongWork"/>.
/// </remarks>
internal static class SocketLoops
{
    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string Threads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    // Below this, checking and copying a body takes less than a tenth of a millisecond.
    private const int LongWorkBytes = 128 * 1024;

    /// <summary>How many of the platform's threads read sockets, unless the platform has been told otherwise.</summary>
    public static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable(Threads), CultureInfo.InvariantCulture, out var count)
            && count > 0
            ? count
            : Environment.ProcessorCount;

    /// <summary>Whether requests run where their sockets' events arrive.</summary>
    public static bool IsInline => Environment.GetEnvironmentVariable(Inline) == "1";

    /// <summary>To be called before the process opens its first socket; a value set from outside stays.</summary>
    public static void Use()
    {
        if (Environment.GetEnvironmentVariable(Inline) is not null)
        {
            return;
        }

        Environment.SetEnvironmentVariable(Inline, "1");
        if (Environment.GetEnvironmentVariable(Threads) is null)
        {
            // Not one for each core, as the platform would have it: the kernel needs cores for the sockets' other side,
            // and a thread that is awake already takes an event for less than one that must be woken for it.
            var half = Math.Max(1, Environment.ProcessorCount / 2);
            Environment.SetEnvironmentVariable(Threads, half.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Whether work on so many bytes belongs on a pool thread, lest other requests wait for it.</summary>
    public static bool IsLongWork(int bytes) => bytes > LongWorkBytes;
}
