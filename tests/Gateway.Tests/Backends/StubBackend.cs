using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Continuity.Gateway.Tests.Backends;

/// <summary>A server whose every byte the test decides: it can answer, lie, hang, break off and reset.</summary>
internal sealed class StubBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<StubConnection, Task> _connections = new();
    private readonly Task _accepting;
    private volatile Func<StubConnection, Task> _script;

    public StubBackend(Func<StubConnection, Task> script)
    {
        _script = script;
        _listener.Start(backlog: 512);
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The requests so far that were no probes, in the order of arrival.</summary>
    public ConcurrentQueue<StubRequest> Requests { get; } = new();

    public Func<StubConnection, Task> Script
    {
        get => _script;
        set => _script = value;
    }

    /// <summary>A server that answers every request with this JSON.</summary>
    public static StubBackend Json(string body, int status = 200) =>
        new(connection => connection.AnswerAsync(status, body));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }

        await Task.WhenAll(_connections.Values);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                var connection = new StubConnection(socket, _stopping.Token);
                _connections[connection] = ServeAsync(connection);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException
            or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(StubConnection connection)
    {
        await Task.Yield();
        try
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                if (request.Path == "/health")
                {
                    await connection.AnswerAsync(200, "{}");
                    continue;
                }

                Requests.Enqueue(request);
                await _script(connection);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException
            or ObjectDisposedException)
        {
            // The gateway went away, or the script broke the connection.
        }
        finally
        {
            connection.Dispose();
        }
    }
}

/// <summary>A request as a stub saw it.</summary>
internal sealed record StubRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
