namespace Continuity.ModelServer.Text;

/// <summary>An answer token by token: where it starts, and everything that can end it.</summary>
internal sealed class Answer(TextSource source, StopSequences stops)
{
    /// <value>The most new tokens, those of the reasoning included.</value>
    public required int MaxTokens { get; init; }

    /// <value>The position at which the model itself ends the answer, or null when it does not.</value>
    public int? NaturalEnd { get; init; }

    /// <value>What the model thinks first.</value>
    public (TextSource Source, int Tokens)? Reasoning { get; init; }

    public IEnumerable<Delta> Steps()
    {
        var spoken = 0;
        if (Reasoning is { } reasoning)
        {
            for (; spoken < reasoning.Tokens; spoken++)
            {
                var isLast = spoken + 1 == MaxTokens;
                yield return new Delta(
                    DeltaKind.Reasoning, reasoning.Source.Next(), FinishReason: isLast ? FinishReasons.Length : null);
                if (isLast)
                {
                    yield break;
                }
            }
        }

        while (source.Position != NaturalEnd)
        {
            var (text, stop) = stops.Accept(source.Next());
            spoken++;
            if (stop is not null)
            {
                yield return new Delta(DeltaKind.Content, text, 1, FinishReasons.Stop, stop);
                yield break;
            }

            if (spoken == MaxTokens)
            {
                yield return new Delta(DeltaKind.Content, text + stops.Rest(), 1, FinishReasons.Length);
                yield break;
            }

            yield return new Delta(DeltaKind.Content, text);
        }

        yield return new Delta(DeltaKind.Content, stops.Rest(), Tokens: 0, FinishReasons.Stop);
    }
}
