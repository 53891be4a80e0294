using System.Buffers.Text;
using System.Text;

namespace Continuity.Gateway.Upstream;

/// <summary>Reads the head of an HTTP/1.1 answer, as strictly as what follows depends on it (RFC 9112).</summary>
internal static class AnswerHeadParser
{
    /// <summary>Where the head ends, its empty line included; 0 while that is still missing.</summary>
    public static int FindEnd(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf("\r\n\r\n"u8);
        return at < 0 ? 0 : at + 4;
    }

    /// <summary>Reads a whole head.</summary>
    /// <exception cref="HttpRequestException">It is no valid head, or its framing can be read in two ways.</exception>
    public static AnswerFraming Parse(ReadOnlySpan<byte> head)
    {
        var lineEnd = head.IndexOf("\r\n"u8);
        var framing = ParseStatus(head[..lineEnd]);
        foreach (var (name, value) in new HeaderLines(head[(lineEnd + 2)..]))
        {
            Take(ref framing, name, value);
        }

        if (framing is { IsChunked: true, Length: not null })
        {
            throw Invalid("it has both Content-Length and Transfer-Encoding.");
        }

        return framing;
    }

    public static HttpRequestException Invalid(string why) =>
        new(HttpRequestError.InvalidResponse, $"The head of its answer is not valid: {why}");

    private static AnswerFraming ParseStatus(ReadOnlySpan<byte> line)
    {
        // HTTP/1.1 200 OK
        const int StatusAt = 9;
        if (line.Length < StatusAt + 3 || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1')
            || line[8] != ' ' || !Utf8Parser.TryParse(line[StatusAt..(StatusAt + 3)], out int status, out var read)
            || read != 3 || status < 100 || (line.Length > StatusAt + 3 && line[StatusAt + 3] != ' '))
        {
            throw Invalid($"it begins with \"{Encoding.Latin1.GetString(line[..Math.Min(line.Length, 40)])}\".");
        }

        return new AnswerFraming { Status = status, MustClose = line[7] == '0' };
    }

    private static void Take(ref AnswerFraming framing, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (name.Length)
        {
            case 10 when Ascii.EqualsIgnoreCase(name, "connection"u8):
                framing.MustClose |= HasToken(value, "close"u8);
                break;
            case 12 when Ascii.EqualsIgnoreCase(name, "content-type"u8):
                framing.ContentType = HeaderText.Value(value);
                break;
            case 14 when Ascii.EqualsIgnoreCase(name, "content-length"u8):
                if (value.Length == 0 || value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0
                    || !Utf8Parser.TryParse(value, out long length, out var read) || read != value.Length
                    || (framing.Length is { } other && other != length))
                {
                    throw Invalid("its Content-Length is no number, or there are two.");
                }

                framing.Length = length;
                break;
            case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                if (framing.IsChunked || !Ascii.EqualsIgnoreCase(value, "chunked"u8))
                {
                    throw Invalid("its Transfer-Encoding is not chunked.");
                }

                framing.IsChunked = true;
                break;
        }
    }

    private static bool HasToken(ReadOnlySpan<byte> list, ReadOnlySpan<byte> token)
    {
        foreach (var part in list.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(list[part].Trim((byte)' '), token))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>What the head says of the answer and of where its body ends.</summary>
internal struct AnswerFraming
{
    public int Status;

    public long? Length;

    public bool IsChunked;

    /// <summary>Whether the connection serves no further request.</summary>
    public bool MustClose;

    public string? ContentType;

    /// <summary>Whether it only announces the real answer.</summary>
    public readonly bool IsInterim => Status is >= 100 and < 200;

    /// <summary>Whether its status forbids a body, whatever the headers say.</summary>
    public readonly bool HasNoBody => Status is 204 or 304;
}
