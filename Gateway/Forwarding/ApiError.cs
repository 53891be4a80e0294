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

    /// <summary>Answers an exchange with this error.</summary>
    public ValueTask WriteAsync(Exchange exchange)
    {
        exchange.ErrorCode = Code;
        exchange.Context.Response.Headers[RequestHeaders.RequestId] = exchange.RequestId;
        return WriteAsync(exchange.Context);
    }

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

        var body = Encode(context.Request.Path.Value == "/v1/messages");
        response.ContentLength = body.Length;
        return new ValueTask(response.Body.WriteAsync(body, context.RequestAborted).AsTask());
    }

    /// <summary>The error as an event of the operation's streams.</summary>
    public byte[] EncodeEvent(Operation operation) =>
        operation == Operation.Messages ? [.. "event: error\ndata: "u8, .. Encode(isAnthropic: true), .. "\n\n"u8]
        : operation == Operation.Responses ? [.. "event: error\ndata: "u8, .. EncodeResponsesEvent(), .. "\n\n"u8]
        : [.. "data: "u8, .. Encode(isAnthropic: false), .. "\n\n"u8];

    // The names that Anthropic's clients know, by status; they look at nothing else.
    private string AnthropicType => Status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status404NotFound => "not_found_error",
        StatusCodes.Status413PayloadTooLarge => "request_too_large",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        StatusCodes.Status503ServiceUnavailable => "overloaded_error",
        >= StatusCodes.Status500InternalServerError => "api_error",
        _ => "invalid_request_error",
    };

    private byte[] EncodeResponsesEvent()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteString("code"u8, Code);
        json.WriteString("message"u8, Message);
        json.WriteString("param"u8, Parameter);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

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
        json.WriteString("type"u8, isAnthropic ? AnthropicType : Type);
        json.WriteString("param"u8, Parameter);
        json.WriteString("code"u8, Code);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
