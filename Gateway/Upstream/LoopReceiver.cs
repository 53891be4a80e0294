using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Continuity.Gateway.Upstream;

/// <summary>Receives from one socket when its loop sees something come. One may wait at a time.</summary>
/// <remarks>
/// Nothing is tried before the loop has seen something, and nothing again when a buffer was not filled: the platform's
/// sockets try each time, which is a system call in vain per chunk of a stream.
/// </remarks>
internal sealed class LoopReceiver(Socket socket, ReplicaLoop loop, long key) : IValueTaskSource<int>, IDisposable
{
    private const int Quiet = 0;
    private const int Ready = 1;
    private const int Waiting = 2;
    private ManualResetValueTaskSourceCore<int> _source =
        new() { RunContinuationsAsynchronously = !SocketLoops.IsInline };

    private Memory<byte> _buffer;
    private int _state;
    private volatile bool _isClosed;
    private volatile bool _isUrgent;
    private volatile bool _hasEnded;

    /// <summary>Whether somebody waits for an answer to begin: then it comes before those that go on.</summary>
    public bool IsUrgent
    {
        get => _isUrgent;
        set => _isUrgent = value;
    }

    /// <summary>
    /// Whether the other side will send nothing more: the loop sees that once, whatever is left to receive.
    /// </summary>
    public bool HasEnded
    {
        get => _hasEnded;
        set => _hasEnded = value;
    }

    /// <summary>
    /// Receives what has come, waiting for it; 0 when the other side has closed. An empty buffer waits for any change.
    /// </summary>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        while (Interlocked.CompareExchange(ref _state, Quiet, Ready) == Ready)
        {
            if (TryReceive(buffer.Span, out var received))
            {
                return new ValueTask<int>(received);
            }
        }

        _buffer = buffer;
        _source.Reset();
        var version = _source.Version;
        Wait();
        return new ValueTask<int>(this, version);
    }

    /// <summary>Whether no request can use the connection: it was closed, or says something unasked.</summary>
    /// <remarks>
    /// Nobody may be waiting. What the loop has not seen yet is not asked for: whoever sends on a connection that was
    /// closed just now must be ready for that anyway.
    /// </remarks>
    public bool IsStale()
    {
        if (_isClosed || _hasEnded)
        {
            return true;
        }

        if (Interlocked.CompareExchange(ref _state, Quiet, Ready) != Ready)
        {
            return false;
        }

        Span<byte> any = stackalloc byte[1];
        socket.Receive(any, SocketFlags.Peek, out var error);
        return error != SocketError.WouldBlock;
    }

    /// <summary>Called by the loop alone.</summary>
    public void BecomeReady()
    {
        if (Interlocked.CompareExchange(ref _state, Ready, Quiet) == Waiting
            && Interlocked.CompareExchange(ref _state, Quiet, Waiting) == Waiting)
        {
            Deliver();
        }
    }

    /// <summary>The socket is being closed: whoever waits is told so, on another thread.</summary>
    public void Dispose()
    {
        _isClosed = true;
        loop.Remove(key);
        if (Interlocked.CompareExchange(ref _state, Quiet, Waiting) == Waiting)
        {
            Abort();
        }
    }

    public int GetResult(short token) => _source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Wait()
    {
        while (Interlocked.CompareExchange(ref _state, Waiting, Quiet) == Ready)
        {
            // Something came in the meantime. The result is set before anyone can wait for it.
            Interlocked.Exchange(ref _state, Quiet);
            if (TryDeliver())
            {
                return;
            }
        }

        // Who closed it before found nobody waiting.
        if (_isClosed && Interlocked.CompareExchange(ref _state, Quiet, Waiting) == Waiting)
        {
            Abort();
        }
    }

    private void Deliver()
    {
        if (!TryDeliver())
        {
            Wait();
        }
    }

    private bool TryDeliver()
    {
        int received;
        try
        {
            if (!TryReceive(_buffer.Span, out received))
            {
                return false;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            _source.SetException(exception);
            return true;
        }

        _source.SetResult(received);
        return true;
    }

    private bool TryReceive(Span<byte> buffer, out int received)
    {
        received = 0;
        if (buffer.IsEmpty)
        {
            return true;
        }

        received = socket.Receive(buffer, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return false;
        }

        if (error != SocketError.Success)
        {
            throw new SocketException((int)error);
        }

        // A buffer that was not filled has taken all; what comes later is a change that the loop sees.
        if (received == buffer.Length || _hasEnded)
        {
            Interlocked.CompareExchange(ref _state, Ready, Quiet);
        }

        return true;
    }

    private void Abort() => ThreadPool.UnsafeQueueUserWorkItem(
        static receiver => receiver._source.SetException(new SocketException((int)SocketError.OperationAborted)),
        this,
        preferLocal: false);
}
