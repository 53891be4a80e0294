using System.Buffers;
using System.Text.Json;

namespace Continuity.Gateway.Forwarding;

/// <summary>An error as OpenAI's clients understand it; in Anthropic's form where the request was.</summary>
internal sealed record ApiError(int Status, string Type, string Code, string Message, string? Parameter = null)
{
    public TimeSpan? RetryAfter { get; init; }

    public static ApiError From(RequestFault fault) =>
        new(StatusCodes.Status400BadRequest, "invalid_request_error", fault.Code, fault.Message, fault.Parameter);

    public static ApiError Unavailable(string message) =>
        new(StatusCodes.Status503ServiceUnavailable, "service_unavailable", "no_replica", message)
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    public ValueTask WriteAsync(HttpContext context)
    {
        var response = context.Response;
        var (id, connection) = (response.Headers[RequestHeaders.RequestId], response.Headers.Connection);
        response.Clear();
        response.Headers[RequestHeaders.RequestId] = id;
        response.Headers.Connection = connection;
        response.StatusCode = Status;
        response.ContentType = "application/json";
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString("D");
        }

        var body = Encode(isAnthropic: context.Request.Path.Value == "/v1/messages");
        response.ContentLength = body.Length;
        return new ValueTask(response.Body.WriteAsync(body, context.RequestAborted).AsTask());
    }

    /// <summary>The error as the data of a stream's event.</summary>
    public byte[] EncodeEvent() => [.. "data: "u8, .. Encode(isAnthropic: false), .. "\n\n"u8];

    private byte[] Encode(bool isAnthropic)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (isAnthropic)
        {
            json.WriteString("type"u8, "error"u8);
        }

        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, Message);
        json.WriteString("type"u8, Type);
        json.WriteString("param"u8, Parameter);
        json.WriteString("code"u8, Code);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
