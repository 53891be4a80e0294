namespace Continuity.Gateway.Streaming;

/// <summary>
/// Looks for stop strings that began before a cut and end after it: the replica that goes on saw their beginning as
/// prompt and would not stop at their end.
/// </summary>
internal sealed class StopGuard
{
    private readonly string[] _stops;
    private readonly int _longest;
    private string _window;
    private int _tail;

    private StopGuard(string[] stops, string text)
    {
        _stops = stops;
        _longest = stops.Max(stop => stop.Length);
        _tail = Math.Min(text.Length, _longest - 1);
        _window = text[^_tail..];
    }

    /// <summary>A guard for the text so far, or nothing when no stop string can have begun in it.</summary>
    public static StopGuard? For(IReadOnlyList<string> stops, string text)
    {
        var worthwhile = stops.Where(stop => stop.Length > 1 && BeginsAtEndOf(text, stop)).ToArray();
        return worthwhile.Length == 0 ? null : new StopGuard(worthwhile, text);
    }

    /// <summary>Whether this next piece of text completes a stop string that began before the cut.</summary>
    public bool Completes(ReadOnlySpan<byte> escaped)
    {
        if (_tail <= 0)
        {
            return false;
        }

        _window += StreamText.Unescape(escaped);
        foreach (var stop in _stops)
        {
            var at = _window.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && at < _tail)
            {
                return true;
            }
        }

        if (_window.Length - _tail >= _longest)
        {
            // Whatever comes now began after the cut, where the replica itself looks.
            _tail = 0;
            _window = "";
        }

        return false;
    }

    private static bool BeginsAtEndOf(string text, string stop)
    {
        for (var length = Math.Min(stop.Length - 1, text.Length); length > 0; length--)
        {
            if (text.EndsWith(stop[..length], StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
