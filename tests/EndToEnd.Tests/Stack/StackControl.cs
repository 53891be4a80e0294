using System.Net.Sockets;
using System.Text.Json;

namespace Continuity.EndToEnd.Tests.Stack;

/// <summary>
/// Speaks to a running stack over its control socket, as <c>./run ps</c> does, without a process for each word.
/// </summary>
internal sealed class StackControl(string socketPath)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    public async Task<IReadOnlyList<StackReplica>> ListAsync(CancellationToken cancellationToken)
    {
        var lines = await SendAsync("ps", [], cancellationToken);
        return JsonSerializer.Deserialize<List<StackReplica>>(string.Concat(lines), _json) ?? [];
    }

    /// <summary>Asks for something and gives the lines of the answer.</summary>
    public async Task<IReadOnlyList<string>> SendAsync(
        string verb, IReadOnlyList<string> operands, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
        await using var stream = new NetworkStream(socket);
        await using var writer = new StreamWriter(stream, leaveOpen: true) { AutoFlush = true };
        var request = JsonSerializer.Serialize(new { verb, operands, json = true }, _json);
        await writer.WriteLineAsync(request.AsMemory(), cancellationToken);
        using var reader = new StreamReader(stream, leaveOpen: true);
        var lines = new List<string>();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var reply = JsonSerializer.Deserialize<Reply>(line, _json);
            if (reply?.Error is { } error)
            {
                throw new InvalidOperationException(
                    $"The stack refused '{verb} {string.Join(' ', operands)}': {error}");
            }

            if (reply?.Exit is not null)
            {
                return lines;
            }

            lines.Add(reply?.Text ?? "");
        }

        throw new EndOfStreamException($"The stack ended before it answered '{verb}'.");
    }

    private sealed record Reply(string? Text, int? Exit, string? Error);
}
