namespace Continuity.ModelServer.Serving;

/// <summary>What a request is counted for.</summary>
internal sealed record Usage(int PromptTokens, int TotalTokens, int CompletionTokens)
{
    public CompletionTokensDetails? CompletionTokensDetails { get; init; }

    public static Usage Of(int promptTokens, int completionTokens, int reasoningTokens) =>
        new(promptTokens, promptTokens + completionTokens, completionTokens)
        {
            CompletionTokensDetails = reasoningTokens > 0 ? new CompletionTokensDetails(reasoningTokens) : null,
        };
}

internal sealed record CompletionTokensDetails(int ReasoningTokens);
