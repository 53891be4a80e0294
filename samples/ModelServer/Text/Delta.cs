namespace Continuity.ModelServer.Text;

internal enum DeltaKind
{
    Content,
    Reasoning,

    /// <summary>A tool call begins; the text is the function's name.</summary>
    ToolName,

    /// <summary>A piece of a tool call's arguments.</summary>
    ToolArguments,
}

/// <summary>A step of one answer.</summary>
/// <param name="Kind">What the text is a piece of.</param>
/// <param name="Text">What is added; it may be empty.</param>
/// <param name="Tokens">What the step counts for: 1, or 0 for an end that is no token.</param>
/// <param name="FinishReason">Set in the last step: <c>stop</c>, <c>length</c> or <c>tool_calls</c>.</param>
/// <param name="StopReason">The stop string that was met.</param>
internal readonly record struct Delta(
    DeltaKind Kind, string Text, int Tokens = 1, string? FinishReason = null, string? StopReason = null);
