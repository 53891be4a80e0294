using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Aspire.Hosting.Network;

/// <summary>A port on both loopback addresses: "localhost" is either, depending on who asks.</summary>
internal sealed class LoopbackListener : IDisposable
{
    private const int Backlog = 512;
    private const int Attempts = 100;

    // Below the range that the system takes for outgoing connections (from 32768 on): one of those could hold the port
    // just while its server is being restarted.
    private const int FirstFreePort = 20_000;
    private const int LastFreePort = 32_000;

    // Between the choice and its server's bind nothing else tells that a port is taken: of forty chosen blindly for
    // one stack, two are the same in one start of sixteen.
    private static readonly ConcurrentDictionary<int, bool> Chosen = new();

    private LoopbackListener(IReadOnlyList<Socket> sockets, int port) => (Sockets, Port) = (sockets, port);

    public int Port { get; }

    public IReadOnlyList<Socket> Sockets { get; }

    /// <summary>
    /// Listens on the port, or on a free one that this process never chose before; null when the port is taken.
    /// </summary>
    public static LoopbackListener? TryOpen(int? port)
    {
        for (var attempt = 0; attempt < (port is null ? Attempts : 1); attempt++)
        {
            var chosen = port ?? RandomNumberGenerator.GetInt32(FirstFreePort, LastFreePort);
            if ((!Chosen.TryAdd(chosen, true) && port is null)
                || TryListen(IPAddress.Loopback, chosen) is not { } first)
            {
                continue;
            }

            if (!Socket.OSSupportsIPv6)
            {
                return new LoopbackListener([first], chosen);
            }

            if (TryListen(IPAddress.IPv6Loopback, chosen) is { } second)
            {
                return new LoopbackListener([first, second], chosen);
            }

            first.Dispose();
        }

        return null;
    }

    /// <summary>A port that is free now, for one user, who binds it a moment later.</summary>
    public static int FreePort()
    {
        using var listener = TryOpen(null)
            ?? throw new DistributedApplicationException("This machine has no free port.");
        return listener.Port;
    }

    public void Dispose()
    {
        foreach (var socket in Sockets)
        {
            socket.Dispose();
        }
    }

    private static Socket? TryListen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException exception)
            when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            socket.Dispose();
            return null;
        }
        catch (SocketException) when (address.Equals(IPAddress.IPv6Loopback))
        {
            // A kernel with the family but without the address (common in containers): nobody can take it either.
            return socket;
        }
    }
}
