using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using Continuity.Gateway.Forwarding;
using Microsoft.Extensions.Primitives;

namespace Continuity.Gateway.Upstream;

/// <summary>Writes a request's head for a replica: the client's headers that go on, and the gateway's own.</summary>
internal static class RequestHead
{
    // Names and digits of the lines that are written whatever the client sent.
    private const int OwnLines = 256;

    /// <summary>How long the head can be at most.</summary>
    public static int MaxLength(Exchange exchange, byte[] start, string traceParent, Ending ending)
    {
        var length = start.Length + OwnLines + exchange.RequestId.Length + traceParent.Length
            + (ending.Authorization?.Length ?? 0);
        foreach (var (name, values) in exchange.Context.Request.Headers)
        {
            foreach (var value in values)
            {
                length += name.Length + (value?.Length ?? 0) + 4;
            }
        }

        return length;
    }

    public static string TraceParent(HttpRequest request) =>
        Activity.Current?.Id ?? request.Headers.TraceParent.ToString();

    /// <returns>The head's length.</returns>
    public static int Write(Span<byte> into, Exchange exchange, byte[] start, string traceParent, Ending ending)
    {
        var request = exchange.Context.Request;
        var writer = new HeadWriter(into);
        writer.Write(start);
        var nominated = request.Headers.Connection;
        foreach (var (name, values) in request.Headers)
        {
            if (HeaderRules.IsSentOn(name, nominated))
            {
                WriteValues(ref writer, name, values);
            }
        }

        writer.Header("Content-Type", request.ContentType ?? "application/json");
        writer.Header(RequestHeaders.RequestId, exchange.RequestId);
        if (traceParent.Length > 0)
        {
            writer.Header("traceparent", traceParent);
        }

        if (ending.Authorization is { } authorization)
        {
            writer.Header("Authorization", authorization);
        }

        if (ending.MillisecondsLeft is { } left)
        {
            writer.Header(RequestHeaders.Timeout, left);
        }

        writer.Header("Content-Length", ending.BodyLength);
        writer.Write("\r\n"u8);
        return writer.Length;
    }

    private static void WriteValues(ref HeadWriter writer, string name, StringValues values)
    {
        foreach (var value in values)
        {
            writer.Header(name, value ?? "");
        }
    }

    /// <summary>What the head says last.</summary>
    internal readonly record struct Ending(int BodyLength, long? MillisecondsLeft, string? Authorization);

    private ref struct HeadWriter(Span<byte> into)
    {
        private readonly Span<byte> _into = into;

        public int Length { get; private set; }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_into[Length..]);
            Length += bytes.Length;
        }

        // Header bytes pass as they came: Kestrel made Latin-1 characters of them and let no line break in.
        public void Header(string name, string value)
        {
            Length += Encoding.Latin1.GetBytes(name, _into[Length..]);
            Write(": "u8);
            Length += Encoding.Latin1.GetBytes(value, _into[Length..]);
            Write("\r\n"u8);
        }

        public void Header(string name, long value)
        {
            Length += Encoding.Latin1.GetBytes(name, _into[Length..]);
            Write(": "u8);
            Length += Utf8Formatter.TryFormat(value, _into[Length..], out var written)
                ? written
                : throw new UnreachableException(); // MaxLength counted the digits.
            Write("\r\n"u8);
        }
    }
}
