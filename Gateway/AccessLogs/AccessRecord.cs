using System.Text.Json;
using Continuity.Gateway.Forwarding;

namespace Continuity.Gateway.AccessLogs;

/// <summary>What the access log tells of a request.</summary>
internal readonly struct AccessRecord
{
    private DateTimeOffset Time { get; init; }

    private Exchange Exchange { get; init; }

    private int Status { get; init; }

    private double Milliseconds { get; init; }

    private double? FirstByteMilliseconds { get; init; }

    private bool IsAbandoned { get; init; }

    public static AccessRecord Of(Exchange exchange, Clock clock) => new()
    {
        Time = clock.Time.GetUtcNow(),
        Exchange = exchange,
        Status = exchange.Context.Response.StatusCode,
        Milliseconds = clock.Seconds(clock.Now - exchange.StartedAt) * 1000,
        FirstByteMilliseconds = exchange.FirstByteAt > 0
            ? clock.Seconds(exchange.FirstByteAt - exchange.StartedAt) * 1000
            : null,
        IsAbandoned = exchange.Aborted.IsCancellationRequested,
    };

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("time"u8, Time);
        json.WriteString("request"u8, Exchange.RequestId);
        json.WriteString("tenant"u8, Exchange.Caller?.Tenant);
        json.WriteString("key"u8, Exchange.Caller?.KeyId);
        json.WriteString("operation"u8, Exchange.Operation.Name);
        json.WriteString("model"u8, Exchange.Model?.Name);
        json.WriteBoolean("stream"u8, Exchange.Facts.Stream);
        json.WriteNumber("status"u8, Status);
        json.WriteNumber("ms"u8, Math.Round(Milliseconds, 3));
        if (FirstByteMilliseconds is { } first)
        {
            json.WriteNumber("firstByteMs"u8, Math.Round(first, 3));
        }

        json.WriteString("replica"u8, Exchange.AnsweredBy?.Id);
        json.WriteNumber("attempts"u8, Exchange.Attempts);
        json.WriteNumber("continuations"u8, Exchange.Continuations);
        json.WriteNumber("tokens"u8, Exchange.UsedTokens);
        if (Exchange.StreamBroken || IsAbandoned)
        {
            json.WriteString("end"u8, IsAbandoned ? "abandoned"u8 : "broken"u8);
        }

        if (Exchange.ErrorCode is { } code)
        {
            json.WriteString("error"u8, code);
        }

        if (Exchange.LastFailure is { } failure)
        {
            json.WriteString("failure"u8, failure.Reason);
        }

        json.WriteEndObject();
    }
}
