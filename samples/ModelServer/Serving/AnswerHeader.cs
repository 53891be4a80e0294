namespace Continuity.ModelServer.Serving;

/// <summary>What every part of one answer repeats.</summary>
internal sealed record AnswerHeader(string Id, long Created, string Model)
{
    public string ToolCallId => $"chatcmpl-tool-{Id[(Id.IndexOf('-', StringComparison.Ordinal) + 1)..]}";

    public static AnswerHeader New(string prefix, string model, TimeProvider time) =>
        new($"{prefix}-{Guid.NewGuid():N}", time.GetUtcNow().ToUnixTimeSeconds(), model);
}
