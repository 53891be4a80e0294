using System.Text.Json;
using Continuity.ModelServer.Serving;

namespace Continuity.ModelServer.Chat;

/// <summary>The fields of a chat request that change the answer; others are read over.</summary>
internal sealed record ChatRequest
{
    public string? Model { get; init; }

    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    public bool? Stream { get; init; }

    public StreamOptions? StreamOptions { get; init; }

    public int? MaxTokens { get; init; }

    public int? MaxCompletionTokens { get; init; }

    public int? N { get; init; }

    public long? Seed { get; init; }

    public double? Temperature { get; init; }

    public JsonElement Stop { get; init; }

    public bool? ContinueFinalMessage { get; init; }

    public bool? AddGenerationPrompt { get; init; }

    public bool? IgnoreEos { get; init; }

    public bool? Logprobs { get; init; }

    public IReadOnlyList<Tool>? Tools { get; init; }

    public JsonElement ToolChoice { get; init; }

    public ResponseFormat? ResponseFormat { get; init; }
}

internal sealed record ChatMessage
{
    public string? Role { get; init; }

    /// <value>A string, a list of parts, or null.</value>
    public JsonElement Content { get; init; }

    public string? Name { get; init; }

    public string? ToolCallId { get; init; }

    public JsonElement ToolCalls { get; init; }
}

internal sealed record Tool
{
    public string? Type { get; init; }

    public ToolFunction? Function { get; init; }
}

internal sealed record ToolFunction
{
    public string? Name { get; init; }

    public JsonElement Parameters { get; init; }
}

internal sealed record ResponseFormat
{
    public string? Type { get; init; }
}
