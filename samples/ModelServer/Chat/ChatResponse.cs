using System.Text.Json.Serialization;
using Continuity.ModelServer.Serving;

namespace Continuity.ModelServer.Chat;

/// <summary>A whole answer.</summary>
internal sealed record ChatCompletion(
    string Id, string Object, long Created, string Model, IReadOnlyList<ChatChoice> Choices, Usage Usage);

internal sealed record ChatChoice(int Index, AssistantMessage Message)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Logprobs { get; }

    public string? FinishReason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? StopReason { get; init; }
}

internal sealed record AssistantMessage
{
    public string Role { get; } = "assistant";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Content { get; init; }

    public string? ReasoningContent { get; init; }

    public IReadOnlyList<ToolCallBody>? ToolCalls { get; init; }
}

/// <summary>An event of a streamed answer.</summary>
internal sealed record ChatChunk(
    string Id, string Object, long Created, string Model, IReadOnlyList<ChunkChoice> Choices)
{
    public Usage? Usage { get; init; }
}

internal sealed record ChunkChoice(int Index, ChatDelta Delta)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Logprobs { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? FinishReason { get; init; }

    public string? StopReason { get; init; }
}

internal sealed record ChatDelta
{
    public string? Role { get; init; }

    public string? Content { get; init; }

    public string? ReasoningContent { get; init; }

    public IReadOnlyList<ToolCallBody>? ToolCalls { get; init; }
}

/// <summary>A tool call, or a piece of one in a stream: then only the first piece has an id and a name.</summary>
internal sealed record ToolCallBody
{
    public int? Index { get; init; }

    public string? Id { get; init; }

    public string? Type { get; init; }

    public required ToolCallFunction Function { get; init; }
}

internal sealed record ToolCallFunction
{
    public string? Name { get; init; }

    public required string Arguments { get; init; }
}
