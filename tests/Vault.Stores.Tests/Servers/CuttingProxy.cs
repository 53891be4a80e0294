using System.Net;
using System.Net.Sockets;
using Continuity.Testing;

namespace Continuity.Vault.Stores.Tests.Servers;

/// <summary>Forwards connections to a server until a number of bytes were sent to it in all; then it resets every
/// connection, once, and forwards new ones undisturbed.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly Acceptor _acceptor;
    private readonly List<Socket> _connections = [];
    private readonly int _target;
    private readonly Lock _lock = new();
    private long _cutAt;
    private long _sent;

    public CuttingProxy(int target, long cutAt)
    {
        _target = target;
        _cutAt = cutAt;
        _acceptor = new Acceptor(ForwardAsync);
    }

    public int Port => _acceptor.Port;

    /// <summary>Gets how often the connections were cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>Gets the bytes sent to the server in all.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public ValueTask DisposeAsync() => _acceptor.DisposeAsync();

    private async Task ForwardAsync(Socket client, CancellationToken ending)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, ending);
            lock (_lock)
            {
                _connections.AddRange([client, server]);
            }

            await Task.WhenAll(
                CopyAsync(client, server, counted: true, ending), CopyAsync(server, client, counted: false, ending));
        }
        catch (Exception exception) when (
            exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut, or closed by either side.
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool counted, CancellationToken ending)
    {
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await from.ReceiveAsync(buffer, ending)) > 0)
        {
            // Of two connections that reach the number at once, the one that takes it cuts.
            if (counted
                && Interlocked.Add(ref _sent, read) >= Interlocked.Read(ref _cutAt)
                && Interlocked.Exchange(ref _cutAt, long.MaxValue) != long.MaxValue)
            {
                Cuts++;
                Reset();
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, read), ending);
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private void Reset()
    {
        lock (_lock)
        {
            foreach (var connection in _connections)
            {
                connection.Dispose();
            }

            _connections.Clear();
        }
    }
}
