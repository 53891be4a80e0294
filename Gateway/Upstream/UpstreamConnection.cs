using System.Net.Sockets;

namespace Continuity.Gateway.Upstream;

/// <summary>A connection to a replica. One request at a time has it.</summary>
internal sealed class UpstreamConnection(Socket socket, long openedAt) : IDisposable
{
    public long OpenedAt => openedAt;

    /// <summary>Since when nobody has it, on the gateway's clock.</summary>
    public long IdleSince { get; set; }

    /// <summary>Whether it has served a request, so that the replica may be closing it just now.</summary>
    public bool WasUsed { get; set; }

    /// <summary>Whether it was closed, or says something unasked: then nobody can use it.</summary>
    public bool IsStale
    {
        get
        {
            try
            {
                return socket.Poll(0, SelectMode.SelectRead);
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
        var sending = socket.SendAsync(bytes, SocketFlags.None);
        if (!sending.IsCompletedSuccessfully)
        {
            return SendRestAsync(sending, bytes);
        }

        var sent = sending.Result;
        return sent == bytes.Length ? default : SendRestAsync(new ValueTask<int>(sent), bytes);
    }

    /// <summary>Receives what has come; 0 when the replica has closed.</summary>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None);

    /// <summary>Closes it, also under whoever is waiting for its bytes.</summary>
    public void Dispose() => socket.Dispose();

    private async ValueTask SendRestAsync(ValueTask<int> first, ReadOnlyMemory<byte> bytes)
    {
        for (var rest = bytes[await first..]; rest.Length > 0;)
        {
            rest = rest[await socket.SendAsync(rest, SocketFlags.None)..];
        }
    }
}
