using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Continuity.Gateway.Upstream;

/// <summary>Opens sockets to replicas.</summary>
internal static partial class UpstreamSocket
{
    private const int InProgress = 115; // EINPROGRESS

    /// <summary>A connection that a replica's loop reads, where there are loops.</summary>
    public static async ValueTask<UpstreamConnection> OpenAsync(
        EndPoint endPoint, Clock clock, CancellationToken cancellationToken)
    {
        var (socket, receiver) = await OpenAsync(endPoint, cancellationToken);
        var now = clock.Now;
        return new UpstreamConnection(socket, receiver, now) { IdleSince = now };
    }

    /// <summary>A socket that the platform's threads read.</summary>
    public static async ValueTask<Socket> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = Create(endPoint);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<(Socket Socket, LoopReceiver? Receiver)> OpenAsync(
        EndPoint endPoint, CancellationToken cancellationToken)
    {
        if (ReplicaLoop.All.Count == 0)
        {
            return (await ConnectAsync(endPoint, cancellationToken), null);
        }

        if (endPoint is not DnsEndPoint name)
        {
            return await ConnectByLoopAsync(endPoint, cancellationToken);
        }

        SocketException? failure = null;
        foreach (var address in await Dns.GetHostAddressesAsync(name.Host, cancellationToken))
        {
            try
            {
                return await ConnectByLoopAsync(new IPEndPoint(address, name.Port), cancellationToken);
            }
            catch (SocketException exception)
            {
                failure = exception;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    // Not by the platform's ConnectAsync: from then on its threads would wake for each of the socket's bytes too.
    private static async ValueTask<(Socket Socket, LoopReceiver? Receiver)> ConnectByLoopAsync(
        EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = Create(endPoint);
        LoopReceiver? receiver = null;
        try
        {
            socket.Blocking = false;
            Begin(socket, endPoint);
            receiver = ReplicaLoop.Next()!.Add(socket, isUrgent: true); // The caller has seen that there is one.
            using (cancellationToken.UnsafeRegister(static state => ((LoopReceiver)state!).Dispose(), receiver))
            {
                await receiver.ReceiveAsync(Memory<byte>.Empty);
            }

            cancellationToken.ThrowIfCancellationRequested();
            var error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            return error == (int)SocketError.Success ? (socket, receiver) : throw new SocketException(error);
        }
        catch (Exception exception)
        {
            receiver?.Dispose();
            socket.Dispose();
            if (exception is SocketException)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            throw;
        }
    }

    // Not by the platform's Connect: it throws for each connection that isn't there at once, and when a site is lost
    // hundreds of streams look for new ones in the same moment.
    private static void Begin(Socket socket, EndPoint endPoint)
    {
        var address = endPoint.Serialize();
        if (Connect(socket.SafeHandle, in address.Buffer.Span[0], address.Size) < 0
            && Marshal.GetLastPInvokeError() != InProgress)
        {
            throw new SocketException(); // It takes the error by itself.
        }

        // The loop sees when it is there.
    }

    private static Socket Create(EndPoint endPoint)
    {
        var socket = endPoint is IPEndPoint { AddressFamily: var family }
            ? new Socket(family, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;

        // A host that vanished without a word is noticed between requests too, not only by the next one.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 2);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        return socket;
    }

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(SafeSocketHandle socket, in byte address, int length);
}
