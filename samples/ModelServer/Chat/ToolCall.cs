using System.Text;
using System.Text.Json;
using Continuity.ModelServer.Serving;
using Continuity.ModelServer.Text;

namespace Continuity.ModelServer.Chat;

/// <summary>A call of one of the request's functions, with arguments that fit its schema's types.</summary>
internal sealed class ToolCall(ToolFunction function, TextState prompt)
{
    private const int PieceLength = 5;

    /// <summary>The function that must be called, or null when the answer is a text.</summary>
    public static ToolFunction? Required(ChatRequest request)
    {
        var choice = request.ToolChoice;
        if (choice.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        var wanted = choice.ValueKind switch
        {
            JsonValueKind.String when choice.GetString() is "none" or "auto" => null,
            JsonValueKind.String when choice.GetString() == "required" => "",
            JsonValueKind.Object when choice.TryGetProperty("function", out var named)
                && named.ValueKind == JsonValueKind.Object && named.TryGetProperty("name", out var name)
                && name.ValueKind == JsonValueKind.String => RequestFields.Text(name, "tool_choice"),
            _ => throw ApiException.BadRequest(
                "tool_choice must be none, auto, required, or name a function.", "tool_choice", "invalid_type"),
        };
        return wanted is null ? null : Find(request.Tools, wanted);
    }

    public IEnumerable<Delta> Steps(int maxTokens)
    {
        yield return new Delta(DeltaKind.ToolName, function.Name ?? "");
        var arguments = Arguments();
        var spoken = 1;
        for (var start = 0; start < arguments.Length; start += PieceLength, spoken++)
        {
            if (spoken == maxTokens)
            {
                yield return new Delta(DeltaKind.ToolArguments, "", Tokens: 0, FinishReasons.Length);
                yield break;
            }

            yield return new Delta(
                DeltaKind.ToolArguments, arguments.Substring(start, Math.Min(PieceLength, arguments.Length - start)));
        }

        yield return new Delta(DeltaKind.ToolArguments, "", Tokens: 0, FinishReasons.ToolCalls);
    }

    private static ToolFunction Find(IReadOnlyList<Tool>? tools, string name)
    {
        var function = tools?.Select(tool => tool.Function).FirstOrDefault(
            candidate => !string.IsNullOrEmpty(candidate?.Name) && (name.Length == 0 || candidate.Name == name));
        return function ?? throw ApiException.BadRequest(
            name.Length == 0
                ? "tool_choice is required, but tools holds no function with a name."
                : $"tool_choice names the function '{name}', which is not in tools.", "tool_choice");
    }

    // ASCII only (the writer escapes the rest), so a piece never ends inside a character.
    private string Arguments()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (function.Parameters.ValueKind == JsonValueKind.Object
                && function.Parameters.TryGetProperty("properties", out var properties)
                && properties.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in properties.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    WriteValue(writer, property);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private void WriteValue(Utf8JsonWriter writer, JsonProperty property)
    {
        var state = prompt;
        state.Append(property.Name);
        var schema = property.Value;
        var hasType = schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var type)
            && type.ValueKind == JsonValueKind.String;
        switch (hasType ? schema.GetProperty("type").GetString() : "string")
        {
            case "integer" or "number":
                writer.WriteNumberValue(state.Draw() % 100);
                break;
            case "boolean":
                writer.WriteBooleanValue(state.Draw() % 2 == 0);
                break;
            case "array":
                writer.WriteStartArray();
                writer.WriteEndArray();
                break;
            case "object":
                writer.WriteStartObject();
                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(Vocabulary.Token(state.Draw()).Trim());
                break;
        }
    }
}
