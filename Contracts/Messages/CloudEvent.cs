using System.Text.Json;
using System.Text.Json.Serialization;

namespace Continuity.Contracts.Messages;

/// <summary>The envelope of every message: CloudEvents 1.0 in its JSON form.</summary>
public sealed record CloudEvent
{
    /// <summary>The content type of the JSON form, in the message's <c>content-type</c> header.</summary>
    public const string ContentType = "application/cloudevents+json";

    /// <summary>The version of the envelope.</summary>
    /// <value>Always "1.0".</value>
    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    /// <summary>Identifies the message: a message with an id seen before is the same message again.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who says it ("/continuity/control-plane").</summary>
    public required string Source { get; init; }

    /// <summary>What it says; one of <see cref="MessageTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>What it is about: the aggregate's id, which is also the message's key.</summary>
    public required string Subject { get; init; }

    /// <summary>When it was written (UTC, the control plane's clock).</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What <see cref="Data"/> is.</summary>
    /// <value>Always "application/json".</value>
    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    /// <summary>The trace in which it was written (the distributed tracing extension).</summary>
    [JsonPropertyName("traceparent")]
    public string? TraceParent { get; init; }

    /// <summary>The content, in the shape that <see cref="Type"/> names.</summary>
    public required JsonElement Data { get; init; }

    /// <summary>Reads the JSON form.</summary>
    /// <exception cref="JsonException">The bytes are not such an envelope.</exception>
    public static CloudEvent Parse(ReadOnlySpan<byte> utf8)
    {
        var message = JsonSerializer.Deserialize(utf8, MessageJson.Default.CloudEvent)
            ?? throw new JsonException("The message is the JSON word null instead of a CloudEvents envelope.");
        return message.SpecVersion == "1.0"
            ? message
            : throw new JsonException(
                $"The message says specversion '{message.SpecVersion}'; this program reads '1.0'.");
    }

    /// <summary>Writes the JSON form.</summary>
    public byte[] Format() => JsonSerializer.SerializeToUtf8Bytes(this, MessageJson.Default.CloudEvent);
}
