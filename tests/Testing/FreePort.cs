using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Continuity.Testing;

/// <summary>Ports for servers that must know theirs before they start.</summary>
public static class FreePort
{
    // Below the range that the system takes for outgoing connections (from 32768 on): a port asked of the system could
    // be some client's own by the time the server binds it, or while a test has the server down. And below the ports
    // that a stack of AppHost's chooses for its resources.
    private const int First = 12000;
    private const int Last = 20000;

    // A port is its taker's from here on, though its server binds it a second later or is down for a while. Test
    // processes of the same user share this file and lock one byte of it for each port; the locks end with the process,
    // however it ends.
    private static readonly FileStream _reservations = new(
        Path.Combine(Path.GetTempPath(), $"continuity-test-ports-{Environment.UserName}"),
        FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    private static readonly Lock _lock = new();
    private static readonly HashSet<int> _taken = [];

    /// <summary>
    /// A port of 127.0.0.1 that nobody listens on, and that no other test gets while this process runs.
    /// </summary>
    public static int Next() => NextRange(1);

    /// <summary>The first of several ports in a row.</summary>
    public static int NextRange(int count)
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var ports = Enumerable.Range(RandomNumberGenerator.GetInt32(First, Last - count), count).ToList();
            lock (_lock)
            {
                if (ports.TrueForAll(port => _taken.Add(port) && TryReserve(port) && CanBind(port)))
                {
                    return ports[0];
                }
            }
        }

        throw new NetworkInformationException((int)SocketError.AddressAlreadyInUse);
    }

    private static bool TryReserve(int port)
    {
        try
        {
            // Elsewhere there are no such locks, and no test runs that would need them.
            if (OperatingSystem.IsLinux())
            {
                _reservations.Lock(port, 1);
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool CanBind(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
