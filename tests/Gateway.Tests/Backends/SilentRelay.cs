using System.Collections.Concurrent;
using System.Net.Sockets;
using Continuity.Testing;

namespace Continuity.Gateway.Tests.Backends;

/// <summary>
/// The way to a server, on which it can vanish without a word: connections stay open, and nothing comes through them.
/// </summary>
internal sealed class SilentRelay : IAsyncDisposable
{
    private readonly Acceptor _acceptor;
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly Uri _server;
    private volatile bool _isSilent;
    private int _connections;

    public SilentRelay(Uri server)
    {
        _server = server;
        _acceptor = new Acceptor(JoinAsync);
        Address = new Uri($"http://127.0.0.1:{_acceptor.Port}");
    }

    public Uri Address { get; }

    /// <summary>How many connections have been passed on to the server.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>From now on nothing comes through, in either direction, and nothing is closed.</summary>
    public void Vanish() => _isSilent = true;

    /// <summary>The server is back and knows of no connection: those it had are reset.</summary>
    public void Return()
    {
        while (_sockets.TryTake(out var socket))
        {
            Reset(socket);
        }

        _isSilent = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _acceptor.DisposeAsync();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
        catch (ObjectDisposedException)
        {
            // It ended before the server vanished.
        }
    }

    private async Task JoinAsync(Socket client, CancellationToken ending)
    {
        _sockets.Add(client);
        if (_isSilent)
        {
            return;
        }

        Interlocked.Increment(ref _connections);
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(server);
        try
        {
            await server.ConnectAsync(_server.Host, _server.Port, ending);
            await Task.WhenAll(PassAsync(client, server, ending), PassAsync(server, client, ending));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException
            or ObjectDisposedException)
        {
            // One of the two is gone: a vanished server's connection stays open, any other ends.
        }

        if (!_isSilent)
        {
            client.Dispose();
            server.Dispose();
        }
    }

    private async Task PassAsync(Socket from, Socket to, CancellationToken ending)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer, ending) is > 0 and var count)
        {
            // What comes while the server is away is lost.
            if (!_isSilent)
            {
                await to.SendAsync(buffer.AsMemory(0, count), ending);
            }
        }

        if (!_isSilent)
        {
            to.Shutdown(SocketShutdown.Send);
        }
    }
}
