using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Streaming;

/// <summary>The request that makes another replica go on where a stream was cut.</summary>
internal sealed record ContinuationRequest(byte[] Body, StopGuard? Stops)
{
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a replica can take up streams of this kind.</summary>
    public static bool IsSupportedBy(Replica replica, Operation operation) => replica.Continuation switch
    {
        ContinuationSupport.FinalMessage => true,
        ContinuationSupport.Completions => operation == Operation.Completions,
        _ => false,
    };

    /// <summary>The tokens that the caller still wants, or nothing where it named no bound.</summary>
    public static long? TokensLeft(ReadOnlySpan<byte> body, int used) =>
        JsonNode.Parse(body) is JsonObject request && Bound(request) is { } most ? most - used : null;

    /// <summary>The body with the text so far, or nothing when the request's form forbids it.</summary>
    public static ContinuationRequest? Build(ReadOnlySpan<byte> body, StreamSession session, Operation operation)
    {
        try
        {
            if (JsonNode.Parse(body) is not JsonObject request)
            {
                return null;
            }

            var stops = StopStrings(request);
            var text = session.Text.IsEmpty ? "" : StreamText.Unescape(session.Text);
            var fits = operation == Operation.ChatCompletions
                ? TryAddMessage(request, session, text)
                : TryAddPrompt(request, text);
            if (!fits)
            {
                return null;
            }

            Reduce(request, "max_tokens", session.Tokens, least: 1);
            Reduce(request, "max_completion_tokens", session.Tokens, least: 1);
            Reduce(request, "min_tokens", session.Tokens, least: 0);
            return new ContinuationRequest(
                JsonSerializer.SerializeToUtf8Bytes(request, Plain), StopGuard.For(stops, text));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            // A body with a field named twice, or of another type than it should be, was the first replica's to accept.
            return null;
        }
    }

    private static bool TryAddMessage(JsonObject request, StreamSession session, string text)
    {
        if (request["messages"] is not JsonArray messages)
        {
            return false;
        }

        // Reasoning that ended is dropped by the chat templates; reasoning that was cut goes on as an open thought.
        var soFar = text.Length == 0 && !session.Reasoning.IsEmpty
            ? "<think>\n" + StreamText.Unescape(session.Reasoning)
            : text;
        var last = messages.Count > 0 ? messages[^1] as JsonObject : null;
        if (request["continue_final_message"] is JsonValue flag && flag.TryGetValue(out bool isSet) && isSet
            && last is not null && last["content"] is JsonValue content && content.TryGetValue(out string? begun))
        {
            last["content"] = begun + soFar;
        }
        else
        {
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = soFar });
        }

        request["continue_final_message"] = true;
        request["add_generation_prompt"] = false;
        return true;
    }

    private static bool TryAddPrompt(JsonObject request, string text)
    {
        switch (request["prompt"])
        {
            case JsonValue value when value.TryGetValue(out string? prompt):
                request["prompt"] = prompt + text;
                return true;
            case JsonArray { Count: 1 } list when list[0] is JsonValue only && only.TryGetValue(out string? prompt):
                request["prompt"] = prompt + text;
                return true;
            default:
                return false;
        }
    }

    private static string[] StopStrings(JsonObject request) => request["stop"] switch
    {
        JsonValue value when value.TryGetValue(out string? stop) => [stop],
        JsonArray list =>
            [.. list.OfType<JsonValue>().Select(value => value.TryGetValue(out string? stop) ? stop : "")],
        _ => [],
    };

    private static long? Bound(JsonObject request) =>
        Number(request, "max_completion_tokens") ?? Number(request, "max_tokens");

    private static long? Number(JsonObject request, string field) =>
        request[field] is JsonValue value && value.TryGetValue(out long number) ? number : null;

    private static void Reduce(JsonObject request, string field, int used, long least)
    {
        if (Number(request, field) is { } number)
        {
            request[field] = Math.Max(least, number - used);
        }
    }
}
