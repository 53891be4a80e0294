using System.Net.Sockets;
using System.Text;

namespace Continuity.Gateway.Tests.Backends;

/// <summary>A client that sends what the test says, byte for byte, where no well-behaved one would.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TcpClient _client = new();

    private RawClient()
    {
    }

    private NetworkStream Stream => _client.GetStream();

    public static async Task<RawClient> ConnectAsync(TestGateway gateway)
    {
        var client = new RawClient();
        await client._client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        return client;
    }

    /// <summary>A request's head up to its own headers, with a key.</summary>
    public static string Head(string method = "POST", string path = "/v1/chat/completions") =>
        $"{method} {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {TestGateway.Key}\r\n";

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await Stream.WriteAsync(bytes);

    /// <summary>All that comes until the gateway closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await Stream.ReadAsync(buffer, deadline.Token)) > 0)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // A reset ends it as well; the test looks at what came before.
        }

        return text.ToString();
    }

    /// <summary>One answer with a declared length, on a connection that may stay open.</summary>
    public async Task<RawAnswer> ReadAnswerAsync()
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        var text = "";
        var buffer = new byte[16 * 1024];
        while (true)
        {
            if (RawAnswer.TryParse(text) is { } answer)
            {
                return answer;
            }

            var read = await Stream.ReadAsync(buffer, deadline.Token);
            if (read == 0)
            {
                throw new IOException($"The connection ended within an answer: \"{text}\".");
            }

            text += Encoding.Latin1.GetString(buffer, 0, read);
        }
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>An answer as it came over the wire.</summary>
internal sealed record RawAnswer(int Status, string Head, string Body)
{
    /// <summary>The first answer in the text, or nothing while a part of it is missing.</summary>
    public static RawAnswer? TryParse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var head = text[..end];
        var length = head.Split("\r\n")
            .Where(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line["Content-Length: ".Length..]))
            .FirstOrDefault();
        return text.Length < end + 4 + length
            ? null
            : new RawAnswer(int.Parse(head[9..12]), head, text.Substring(end + 4, length));
    }

    /// <summary>The code of an error in the OpenAI shape.</summary>
    public string? ErrorCode()
    {
        using var json = System.Text.Json.JsonDocument.Parse(Body);
        return json.RootElement.GetProperty("error").GetProperty("code").GetString();
    }
}
