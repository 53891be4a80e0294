namespace Continuity.ModelServer.Text;

/// <summary>How many tokens a prompt counts for: about what a real tokenizer would give.</summary>
internal static class TokenCount
{
    private const int LettersPerToken = 6;

    /// <summary>Tokens of a text: one for each six letters, or part of six, of each word.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        var (tokens, letters) = (0, 0);
        foreach (var unit in text)
        {
            if (char.IsWhiteSpace(unit))
            {
                letters = 0;
            }
            else if (letters++ % LettersPerToken == 0)
            {
                tokens++;
            }
        }

        return tokens;
    }
}
