using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Continuity.Gateway.Streaming;

/// <summary>
/// Puts another replica's events into the words of the stream that the client knows. Needed a few times per cut.
/// </summary>
internal static class ChunkRewriter
{
    private static readonly string[] StreamFields = ["id", "object", "created", "model", "system_fingerprint"];

    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The event with the client's id, no second role, and the usage of the whole answer.</summary>
    /// <param name="data">The event's JSON.</param>
    /// <param name="clientHead">The JSON of the first event that the client got.</param>
    /// <param name="carriedTokens">Tokens of the answer that were this replica's prompt.</param>
    public static byte[] Rewrite(ReadOnlySpan<byte> data, ReadOnlySpan<byte> clientHead, long carriedTokens)
    {
        var chunk = Parse(data);
        var head = Parse(clientHead);
        foreach (var field in StreamFields)
        {
            if (head[field] is { } value && chunk.ContainsKey(field))
            {
                chunk[field] = value.DeepClone();
            }
        }

        if (chunk["choices"] is JsonArray choices)
        {
            foreach (var choice in choices)
            {
                (choice?["delta"] as JsonObject)?.Remove("role");
            }
        }

        if (chunk["usage"] is JsonObject usage)
        {
            Add(usage, "prompt_tokens", -carriedTokens);
            Add(usage, "completion_tokens", carriedTokens);
        }

        return Event(chunk);
    }

    /// <summary>An event that ends the answer for the given reason.</summary>
    public static byte[] FinishEvent(ReadOnlySpan<byte> clientHead, bool isChat, string reason)
    {
        var head = Parse(clientHead);
        var chunk = new JsonObject();
        foreach (var field in StreamFields)
        {
            if (head[field] is { } value)
            {
                chunk[field] = value.DeepClone();
            }
        }

        var choice = new JsonObject { ["index"] = 0 };
        if (isChat)
        {
            choice["delta"] = new JsonObject();
        }
        else
        {
            choice["text"] = "";
        }

        choice["finish_reason"] = reason;
        chunk["choices"] = new JsonArray(choice);
        return Event(chunk);
    }

    private static void Add(JsonObject usage, string field, long tokens)
    {
        if (usage[field] is JsonValue value && value.TryGetValue(out long count))
        {
            usage[field] = Math.Max(0, count + tokens);
        }
    }

    private static JsonObject Parse(ReadOnlySpan<byte> json) => JsonNode.Parse(json) as JsonObject ?? [];

    private static byte[] Event(JsonObject chunk) =>
        [.. "data: "u8, .. JsonSerializer.SerializeToUtf8Bytes(chunk, Plain), .. "\n\n"u8];
}
