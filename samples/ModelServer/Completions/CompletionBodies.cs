using System.Text.Json;
using System.Text.Json.Serialization;
using Continuity.ModelServer.Serving;

namespace Continuity.ModelServer.Completions;

/// <summary>The fields of a completion request that change the answer; others are read over.</summary>
internal sealed record CompletionRequest
{
    public string? Model { get; init; }

    /// <value>A string or a list of strings.</value>
    public JsonElement Prompt { get; init; }

    public bool? Stream { get; init; }

    public StreamOptions? StreamOptions { get; init; }

    public int? MaxTokens { get; init; }

    public int? N { get; init; }

    public long? Seed { get; init; }

    public double? Temperature { get; init; }

    public JsonElement Stop { get; init; }

    public bool? Echo { get; init; }

    public int? Logprobs { get; init; }

    public string? Suffix { get; init; }
}

/// <summary>A whole answer, or an event of a streamed one: they have the same shape.</summary>
internal sealed record Completion(
    string Id, string Object, long Created, string Model, IReadOnlyList<CompletionChoice> Choices)
{
    public Usage? Usage { get; init; }
}

internal sealed record CompletionChoice(int Index, string Text)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Logprobs { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? FinishReason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? StopReason { get; init; }
}
