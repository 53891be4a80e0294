using System.Text;
using System.Text.Json;
using Continuity.ModelServer.Serving;
using Continuity.ModelServer.Text;

namespace Continuity.ModelServer.Chat;

/// <summary>The conversation as the model reads it, and the answer that is already begun.</summary>
/// <param name="Text">All messages but the begun answer.</param>
/// <param name="Begun">What the last message says if it is to be continued, else empty.</param>
internal sealed record ChatPrompt(string Text, string Begun)
{
    private const int TokensPerMessage = 4;

    private static readonly string[] _roles = ["system", "developer", "user", "assistant", "tool"];

    /// <summary>
    /// Tokens of all but the begun answer's text. An answer's own opening counts whether it is begun or not, as in
    /// chat templates: so prompt and answer add up to the same, wherever an answer is cut and continued.
    /// </summary>
    public int Tokens { get; private init; }

    public static ChatPrompt Of(ChatRequest request)
    {
        ApiException.ThrowIf(
            request.Messages is not { Count: > 0 }, "messages must hold at least one message.", "messages");
        var continues = request.ContinueFinalMessage == true;
        ApiException.ThrowIf(
            continues && request.AddGenerationPrompt == true,
            "Cannot set both `continue_final_message` and `add_generation_prompt` to true.", "continue_final_message");
        ApiException.ThrowIf(
            continues && request.Messages[^1].Role != "assistant",
            "continue_final_message is true, but the last message's role is not assistant.", "continue_final_message");

        var text = new StringBuilder();
        var read = continues ? request.Messages.Count - 1 : request.Messages.Count;
        for (var i = 0; i < read; i++)
        {
            Append(text, request.Messages[i], i);
        }

        var begun = continues ? Content(request.Messages[^1], read) : "";
        return new ChatPrompt(text.Append("<|assistant|>").ToString(), begun)
        {
            Tokens = TokenCount.Of(text.ToString()) + (TokensPerMessage * (read + 1)),
        };
    }

    private static void Append(StringBuilder text, ChatMessage message, int index)
    {
        ApiException.ThrowIf(
            !_roles.Contains(message.Role),
            $"The role must be one of {string.Join(", ", _roles)}.", $"messages[{index}].role");
        text.Append("<|").Append(message.Role).Append("|>").Append(message.Name).Append(message.ToolCallId);
        text.Append(Content(message, index));
        if (message.ToolCalls.ValueKind == JsonValueKind.Array)
        {
            AppendToolCalls(text, message.ToolCalls);
        }

        text.Append("<|end|>");
    }

    // Parsed values and not the raw JSON: the same call written with other spaces is the same prompt.
    private static void AppendToolCalls(StringBuilder text, JsonElement calls)
    {
        foreach (var call in calls.EnumerateArray())
        {
            if (call.ValueKind == JsonValueKind.Object && call.TryGetProperty("function", out var function)
                && function.ValueKind == JsonValueKind.Object)
            {
                text.Append(Property(function, "name")).Append('(').Append(Property(function, "arguments")).Append(')');
            }
        }
    }

    private static string Content(ChatMessage message, int index)
    {
        switch (message.Content.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return "";
            case JsonValueKind.String:
                return RequestFields.Text(message.Content, $"messages[{index}].content");
            case JsonValueKind.Array:
                return string.Concat(message.Content.EnumerateArray().Select(part => Part(part, index)));
            default:
                throw ApiException.BadRequest(
                    "content must be a string or a list of parts.", $"messages[{index}].content", "invalid_type");
        }
    }

    private static string Part(JsonElement part, int index) =>
        part.ValueKind == JsonValueKind.Object && Property(part, "type") == "text"
            ? Property(part, "text")
            : throw ApiException.BadRequest(
                "This model reads text only: each part of content must be {\"type\": \"text\", \"text\": \"...\"}.",
                $"messages[{index}].content");

    private static string Property(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? RequestFields.Text(value, name)
            : "";
}
