using System.Net.Sockets;

namespace Continuity.Gateway.Upstream;

/// <summary>A connection to a replica. One request at a time has it.</summary>
/// <param name="socket">Connected, and the connection's from here on.</param>
/// <param name="receiver">What reads it; nothing where the platform's own threads do.</param>
/// <param name="openedAt">When it was made, on the gateway's clock.</param>
internal sealed class UpstreamConnection(Socket socket, LoopReceiver? receiver, long openedAt) : IDisposable
{
    public long OpenedAt => openedAt;

    /// <summary>Since when nobody has it, on the gateway's clock.</summary>
    public long IdleSince { get; set; }

    /// <summary>Whether it has served a request, so that the replica may be closing it just now.</summary>
    public bool WasUsed { get; set; }

    /// <summary>Whether an answer is to begin on it: its bytes are read before those of streams that run.</summary>
    public bool IsUrgent
    {
        set
        {
            if (receiver is not null)
            {
                receiver.IsUrgent = value;
            }
        }
    }

    /// <summary>Whether it was closed, or says something unasked: then nobody can use it.</summary>
    public bool IsStale
    {
        get
        {
            try
            {
                return receiver?.IsStale() ?? socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>Sends all of it.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (receiver is null)
        {
            return SendRestAsync(bytes);
        }

        var sent = socket.Send(bytes.Span, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success when sent == bytes.Length => default,
            SocketError.Success => SendRestAsync(bytes[sent..]),
            SocketError.WouldBlock => SendRestAsync(bytes),
            _ => ValueTask.FromException(new SocketException((int)error)),
        };
    }

    /// <summary>Receives what has come; 0 when the replica has closed.</summary>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) =>
        receiver?.ReceiveAsync(buffer) ?? socket.ReceiveAsync(buffer, SocketFlags.None);

    /// <summary>Closes it, also under whoever is waiting for its bytes.</summary>
    public void Dispose()
    {
        receiver?.Dispose();
        socket.Dispose();
    }

    // A body that outgrows the kernel's buffer waits on the platform's threads, which wake for this connection
    // from then on too: in vain, but rarely, and a gateway's requests are mostly small.
    private async ValueTask SendRestAsync(ReadOnlyMemory<byte> rest)
    {
        while (rest.Length > 0)
        {
            rest = rest[await socket.SendAsync(rest, SocketFlags.None)..];
        }
    }
}
