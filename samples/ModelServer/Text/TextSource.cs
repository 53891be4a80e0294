namespace Continuity.ModelServer.Text;

/// <summary>
/// The tokens that follow a text, one after the other without an end, each decided by all the text before it.
/// </summary>
internal sealed class TextSource
{
    private TextState _state;
    private string? _restOfToken;

    // An answer's first token stands without the space that parts words.
    private bool _atStartOfAnswer;

    private TextSource(TextState state, bool atStartOfAnswer)
    {
        _state = state;
        _atStartOfAnswer = atStartOfAnswer;
    }

    /// <summary>How many tokens of the answer are behind us.</summary>
    public int Position { get; private set; }

    /// <summary>The tokens of what was begun, which count as read.</summary>
    public int BegunTokens { get; private set; }

    /// <summary>The tokens after a prompt that is a text like any other.</summary>
    public static TextSource After(TextState prompt) => new(prompt, atStartOfAnswer: false);

    /// <summary>
    /// An answer to a prompt, from the place on where <paramref name="begun"/> ends, also in the middle of a token. A
    /// beginning that is not this model's own is read as text, and the answer goes on after it.
    /// </summary>
    public static TextSource Answer(TextState prompt, string begun)
    {
        var source = new TextSource(prompt, atStartOfAnswer: true);
        var rest = begun.AsSpan();
        while (!rest.IsEmpty)
        {
            var token = source.Next();
            if (rest.StartsWith(token, StringComparison.Ordinal))
            {
                rest = rest[token.Length..];
            }
            else if (token.AsSpan().StartsWith(rest, StringComparison.Ordinal))
            {
                source.StepBackInto(token[rest.Length..]);
                break;
            }
            else
            {
                prompt.Append(begun);
                return new TextSource(prompt, atStartOfAnswer: false) { BegunTokens = TokenCount.Of(begun) };
            }
        }

        source.BegunTokens = source.Position + (source._restOfToken is null ? 0 : 1);
        return source;
    }

    /// <summary>The next token, or what is left of the one that the answer was begun in.</summary>
    public string Next()
    {
        Position++;
        if (_restOfToken is { } rest)
        {
            _restOfToken = null;
            return rest;
        }

        var token = Vocabulary.Token(_state.Draw());
        if (_atStartOfAnswer)
        {
            _atStartOfAnswer = false;
            token = token.Trim() is { Length: > 0 } trimmed ? trimmed : "Well";
        }

        _state.Append(token);
        return token;
    }

    private void StepBackInto(string restOfToken)
    {
        _restOfToken = restOfToken;
        Position--;
    }
}
