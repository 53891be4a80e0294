using System.Text.Json;

namespace Continuity.ModelServer.Serving;

/// <summary>Reads fields that may have several shapes, and refuses the rest by name.</summary>
internal static class RequestFields
{
    private const int MaxChoices = 16;

    /// <summary>The strings of a field that is one string, a list of strings, or absent.</summary>
    public static IReadOnlyList<string> Strings(JsonElement field, string name)
    {
        switch (field.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return [];
            case JsonValueKind.String:
                return [Text(field, name)];
            case JsonValueKind.Array when field.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                return [.. field.EnumerateArray().Select(item => Text(item, name))];
            default:
                throw ApiException.BadRequest($"{name} must be a string or a list of strings.", name, "invalid_type");
        }
    }

    /// <summary>The text of a JSON string.</summary>
    public static string Text(JsonElement text, string name)
    {
        try
        {
            return text.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is written as an escape: JSON's grammar allows it, but it is no text.
            throw ApiException.BadRequest($"{name} is not valid Unicode text.", name);
        }
    }

    /// <summary>Stop strings: no empty one.</summary>
    public static IReadOnlyList<string> Stops(JsonElement field)
    {
        var stops = Strings(field, "stop");
        ApiException.ThrowIf(stops.Contains(""), "stop must not hold an empty string.", "stop");
        return stops;
    }

    public static string Model(string? model, ModelOptions options)
    {
        ApiException.ThrowIf(model is null, "model is missing.", "model");
        return model == options.Name ? model : throw ApiException.UnknownModel(model);
    }

    public static int Choices(int? n)
    {
        ApiException.ThrowIf(n is < 1 or > MaxChoices, $"n must be from 1 to {MaxChoices}.", "n");
        return n ?? 1;
    }

    public static void CheckMaxTokens(int? maxTokens, string name) =>
        ApiException.ThrowIf(maxTokens < 1, $"{name} must be at least 1.", name);

    public static void CheckTemperature(double? temperature) =>
        ApiException.ThrowIf(temperature is < 0 or > 2, "temperature must be from 0 to 2.", "temperature");

    /// <summary>How many new tokens may be generated before the context is full.</summary>
    public static int RoomInContext(ModelOptions options, int promptTokens, int? maxTokens)
    {
        var room = options.ContextLength - promptTokens;
        return room >= (maxTokens ?? 1)
            ? maxTokens ?? room
            : throw ApiException.BadRequest(
                $"This model's maximum context length is {options.ContextLength} tokens, but"
                + $" {promptTokens} in the prompt and {maxTokens ?? 1} to generate were asked for.",
                "messages", "context_length_exceeded");
    }

    public static void CheckStreamOptions(StreamOptions? options, bool? stream) =>
        ApiException.ThrowIf(
            options is not null && stream != true,
            "stream_options is allowed only when stream is true.", "stream_options");
}

/// <summary>What a stream tells beside the text.</summary>
internal sealed record StreamOptions
{
    public bool? IncludeUsage { get; init; }
}
