using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Continuity.DevelopmentBroker;

/// <summary>A listener on a chosen loopback port that can take the place of another listener of this process.</summary>
internal sealed partial class ListeningSocket : IDisposable
{
    private const int Backlog = 512;
    private const string FileDescriptors = "/proc/self/fd";

    private readonly Socket _socket;

    private ListeningSocket(Socket socket) => _socket = socket;

    /// <summary>Binds to <paramref name="port"/> of 127.0.0.1, or throws when it is taken.</summary>
    public static ListeningSocket Bind(int port)
    {
        // .NET sets SO_REUSEADDR on Unix for Bind, which lets a restarted broker have its port back at once while
        // connections of the old one linger; a port that another process listens on is refused all the same. The
        // socket option ReuseAddress, however, means SO_REUSEPORT too, and two brokers would share the port in silence.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(Backlog);
            socket.Blocking = false;
            return new ListeningSocket(socket);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new BrokerException(exception.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    $"Port {port} of 127.0.0.1 is in use; end the program that listens there or choose another --port.",
                SocketError.AccessDenied => $"Port {port} may not be opened by this user; choose one above 1023.",
                _ => $"Port {port} of 127.0.0.1 cannot be opened: {exception.Message}.",
            });
        }
    }

    /// <summary>
    /// Puts this listener under the file descriptor of the listener on <paramref name="port"/>, which is closed by
    /// that:
    /// whoever polls that descriptor accepts this listener's connections from then on.
    /// </summary>
    public void TakePlaceOfListenerOn(int port)
    {
        var descriptor = FindListener(port)
            ?? throw new BrokerException($"No listener on port {port} was found in this process.");
        if (Duplicate((int)_socket.Handle, descriptor) < 0)
        {
            throw new BrokerException(
                $"The listener could not be moved to its port: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    /// <summary>Closes this handle; a listener that took another's place stays open under that descriptor.</summary>
    public void Dispose() => _socket.Dispose();

    private static int? FindListener(int port)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(FileDescriptors))
        {
            if (int.TryParse(Path.GetFileName(entry), out var descriptor) && LocalPort(descriptor) == port)
            {
                return descriptor;
            }
        }

        return null;
    }

    // Asked of every descriptor: the call answers an error for those that are no socket.
    private static unsafe int? LocalPort(int descriptor)
    {
        const int addressFamilyInet = 2;
        var address = stackalloc byte[128];
        var length = 128;
        return GetSocketName(descriptor, address, &length) == 0 && address[0] == addressFamilyInet
            ? (address[2] << 8) | address[3]
            : null;
    }

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int source, int target);

    [LibraryImport("libc", EntryPoint = "getsockname")]
    private static unsafe partial int GetSocketName(int descriptor, byte* address, int* length);
}
