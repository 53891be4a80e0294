namespace Continuity.Gateway.Streaming;

/// <summary>
/// The bytes around the text in a stream's events. They are the same from event to event as a rule, so that one
/// comparison replaces parsing, and a continued event can be put into the words of the stream that the client knows.
/// </summary>
internal sealed class ChunkTemplate(ReadOnlySpan<byte> data, Range text)
{
    private readonly byte[] _head = data[..text.Start].ToArray();
    private readonly byte[] _tail = data[text.End..].ToArray();

    public ReadOnlySpan<byte> Head => _head;

    public ReadOnlySpan<byte> Tail => _tail;

    /// <summary>Finds the text of data that differs from the template in its text alone.</summary>
    public bool TryMatch(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (data.Length <= _head.Length + _tail.Length || !data.StartsWith(_head) || !data.EndsWith(_tail))
        {
            return false;
        }

        // The middle is one JSON string's inside only if no quote in it stands unescaped.
        var middle = data[_head.Length..^_tail.Length];
        for (var rest = middle; ;)
        {
            var at = rest.IndexOfAny((byte)'"', (byte)'\\');
            if (at < 0)
            {
                text = middle;
                return true;
            }

            if (rest[at] == '"' || at + 1 >= rest.Length)
            {
                return false;
            }

            rest = rest[(at + 2)..];
        }
    }
}
