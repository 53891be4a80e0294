using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Continuity.Testing;

/// <summary>Ports for servers that must know theirs before they start.</summary>
public static class FreePort
{
    // Below the range that the system takes for outgoing connections (from 32768 on): a port asked of the system could
    // be some client's own by the time the server binds it, or while a test has the server down.
    private const int First = 12000;
    private const int Last = 32000;

    private static readonly Lock _lock = new();
    private static readonly HashSet<int> _taken = [];

    /// <summary>A port of 127.0.0.1 that nobody listens on, and that this process gets only once.</summary>
    public static int Next() => NextRange(1);

    /// <summary>The first of several ports in a row.</summary>
    public static int NextRange(int count)
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var ports = Enumerable.Range(RandomNumberGenerator.GetInt32(First, Last - count), count).ToList();
            lock (_lock)
            {
                if (ports.TrueForAll(port => !_taken.Contains(port) && CanBind(port)))
                {
                    _taken.UnionWith(ports);
                    return ports[0];
                }
            }
        }

        throw new NetworkInformationException((int)SocketError.AddressAlreadyInUse);
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
