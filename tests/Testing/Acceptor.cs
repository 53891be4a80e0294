using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Continuity.Testing;

/// <summary>
/// Accepts connections on a loopback port of its own and has each served. Its end is in order: first nothing more is
/// accepted, then the listener closes, then what is being served ends. The other way round, a loop that comes back
/// from one connection finds its listener gone.
/// </summary>
public sealed class Acceptor : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentBag<Task> _served = [];
    private readonly Func<Socket, CancellationToken, Task> _serve;
    private readonly Task _accepting;

    /// <param name="serve">Serves a connection, which is its own to close, until the token asks for the end.</param>
    public Acceptor(Func<Socket, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start(backlog: 512);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Ends it. What a connection's service failed with is thrown here.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_served);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                _served.Add(_serve(await _listener.AcceptSocketAsync(_ending.Token), _ending.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // Either the end, checked above, or a client that left before it was accepted.
            }
        }
    }
}
