using System.Text.Json;

namespace Continuity.Gateway.Capabilities;

/// <summary>By what an engine shows who it is.</summary>
internal static class EngineSigns
{
    /// <summary>
    /// Whether a list of models was written by an engine that goes on with a begun answer, and has no way to say so.
    /// </summary>
    /// <remarks>
    /// SGLang (since 0.4.5) and llama.cpp (since 2025) name themselves as their models' owner. vLLM does so too, but
    /// its older releases can't: it is asked.
    /// </remarks>
    public static bool ContinuesBegunAnswers(string models) =>
        Parse(models) is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array
            && data.EnumerateArray().Any(model =>
                Text(model, "owned_by") is "sglang" or "llamacpp");

    /// <summary>Whether it is the page in which Text Generation Inference tells about itself.</summary>
    public static bool IsTextGenerationInference(string info) =>
        Parse(info) is { ValueKind: JsonValueKind.Object } root
            && Text(root, "model_id") is not null && root.TryGetProperty("max_total_tokens", out _)
            && root.TryGetProperty("validation_workers", out _);

    /// <summary>Whether it is an answer to a request for a completion.</summary>
    public static bool IsCompletion(string answer) =>
        Parse(answer) is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array
            && choices.EnumerateArray().Any(choice => Text(choice, "text") is not null);

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
