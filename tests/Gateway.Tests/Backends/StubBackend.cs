using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Continuity.Testing;

namespace Continuity.Gateway.Tests.Backends;

/// <summary>A server whose every byte the test decides: it can answer, lie, hang, break off and reset.</summary>
internal sealed class StubBackend : IAsyncDisposable
{
    private readonly Acceptor _acceptor;
    private volatile Func<StubConnection, Task> _script;

    public StubBackend(Func<StubConnection, Task> script)
    {
        _script = script;
        _acceptor = new Acceptor(ServeAsync);
    }

    public Uri Address => new($"http://127.0.0.1:{_acceptor.Port}");

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

    public ValueTask DisposeAsync() => _acceptor.DisposeAsync();

    private async Task ServeAsync(Socket socket, CancellationToken stopping)
    {
        using var connection = new StubConnection(socket, stopping);
        using var end = stopping.Register(connection.Dispose);
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
    }
}

/// <summary>A request as a stub saw it.</summary>
internal sealed record StubRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
