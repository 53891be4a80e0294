namespace Continuity.ModelServer.Text;

/// <summary>Ends an answer before the first of some strings, wherever token boundaries fall.</summary>
/// <remarks>
/// Text that may be the beginning of a stop string is held back. So a client never sees half of one, and an answer that
/// is continued from what the client has seen meets the whole stop string again.
/// </remarks>
internal sealed class StopSequences(IReadOnlyList<string> stops)
{
    private string _held = "";

    /// <summary>Takes a token; gives the text that may go out, and the stop string if one was met.</summary>
    public (string Text, string? Met) Accept(string token)
    {
        if (stops.Count == 0)
        {
            return (token, null);
        }

        var text = _held + token;
        if (FirstStop(text) is { } met)
        {
            _held = "";
            return (text[..met.Index], met.Stop);
        }

        var kept = LongestBeginningAtEnd(text);
        _held = text[^kept..];
        return (text[..^kept], null);
    }

    /// <summary>What was held back, once no more tokens come.</summary>
    public string Rest() => _held;

    private (int Index, string Stop)? FirstStop(string text)
    {
        (int Index, string Stop)? first = null;
        foreach (var stop in stops)
        {
            var index = text.IndexOf(stop, StringComparison.Ordinal);
            if (index >= 0 && (first is null || index < first.Value.Index))
            {
                first = (index, stop);
            }
        }

        return first;
    }

    private int LongestBeginningAtEnd(string text)
    {
        for (var start = 0; start < text.Length; start++)
        {
            foreach (var stop in stops)
            {
                if (stop.AsSpan().StartsWith(text.AsSpan(start), StringComparison.Ordinal))
                {
                    return text.Length - start;
                }
            }
        }

        return 0;
    }
}
