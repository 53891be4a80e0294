using System.Net.Sockets;
using System.Text;

namespace Continuity.Gateway.Tests.Backends;

/// <summary>One connection to a stub: the latest request, and the means to answer it well or badly.</summary>
internal sealed class StubConnection(Socket socket, CancellationToken stopping) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private byte[] _rest = [];

    public CancellationToken Stopping => stopping;

    public StubRequest Request { get; private set; } = null!; // Set before any script runs.

    public async Task<StubRequest?> ReadRequestAsync()
    {
        var bytes = new List<byte>(_rest);
        int headEnd;
        while ((headEnd = IndexOfHeadEnd(bytes)) < 0)
        {
            if (!await ReadMoreAsync(bytes))
            {
                return null;
            }
        }

        var lines = Encoding.Latin1.GetString([.. bytes[..headEnd]]).Split("\r\n");
        var headers = lines.Skip(1)
            .Select(line => line.Split(": ", 2))
            .GroupBy(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(same => same.Key, same => string.Join(", ", same), StringComparer.OrdinalIgnoreCase);
        var length = headers.TryGetValue("Content-Length", out var text) ? int.Parse(text) : 0;
        while (bytes.Count < headEnd + 4 + length)
        {
            if (!await ReadMoreAsync(bytes))
            {
                return null;
            }
        }

        var end = headEnd + 4 + length;
        _rest = [.. bytes[end..]];
        var start = lines[0].Split(' ');
        return Request = new StubRequest(start[0], start[1], headers, [.. bytes[(headEnd + 4)..end]]);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes, stopping);

    public Task AnswerAsync(int status, string body, string contentType = "application/json", string headers = "") =>
        SendAsync(
            $"HTTP/1.1 {status} X\r\nContent-Type: {contentType}\r\n{headers}Content-Length: "
                + $"{Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public Task BeginStreamAsync() =>
        SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");

    public Task ChunkAsync(string text) => SendAsync($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");

    public Task EventAsync(string data) => ChunkAsync($"data: {data}\n\n");

    public Task EndStreamAsync() => SendAsync("0\r\n\r\n");

    /// <summary>Closes with a reset: what was sent last may be lost, as when a process dies.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    /// <summary>Never answers.</summary>
    public Task HangAsync() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);

    public void Dispose() => _stream.Dispose();

    private async Task<bool> ReadMoreAsync(List<byte> bytes)
    {
        var buffer = new byte[16 * 1024];
        var read = await _stream.ReadAsync(buffer, stopping);
        bytes.AddRange(buffer.AsSpan(0, read));
        return read > 0;
    }

    private static int IndexOfHeadEnd(List<byte> bytes) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes).IndexOf("\r\n\r\n"u8);
}
