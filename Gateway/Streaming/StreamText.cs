using System.Buffers;
using System.Text.Json;

namespace Continuity.Gateway.Streaming;

/// <summary>Text of a stream so far, as it stands escaped in JSON, in a rented buffer with a bound.</summary>
internal sealed class StreamText(int maxBytes) : IDisposable
{
    private const int FirstSize = 256;
    private byte[] _bytes = [];

    public int Length { get; private set; }

    /// <summary>Whether the text outgrew its bound: then it is no longer the whole text.</summary>
    public bool Overflowed { get; private set; }

    public ReadOnlySpan<byte> Escaped => _bytes.AsSpan(0, Length);

    public void Append(ReadOnlySpan<byte> escaped)
    {
        if (Overflowed || Length + escaped.Length > maxBytes)
        {
            Overflowed = true;
            return;
        }

        if (Length + escaped.Length > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(
                Math.Max(FirstSize, Math.Max(_bytes.Length * 2, Length + escaped.Length)));
            Escaped.CopyTo(larger);
            Return();
            _bytes = larger;
        }

        escaped.CopyTo(_bytes.AsSpan(Length));
        Length += escaped.Length;
    }

    /// <summary>Takes back what was appended after the given length.</summary>
    public void Truncate(int length) => Length = Math.Min(Length, length);

    public string Unescape() => Unescape(Escaped);

    public static string Unescape(ReadOnlySpan<byte> escaped)
    {
        byte[] quoted = [(byte)'"', .. escaped, (byte)'"'];
        return JsonSerializer.Deserialize<string>(quoted) ?? "";
    }

    /// <summary>
    /// Whether escaped text ends within a character: half a surrogate pair, or the mark for undecodable bytes.
    /// </summary>
    public static bool EndsWithinCharacter(ReadOnlySpan<byte> escaped)
    {
        if (escaped.EndsWith("\uFFFD"u8) || escaped.EndsWith("\\ufffd"u8) || escaped.EndsWith("\\uFFFD"u8))
        {
            return true;
        }

        // \uD800 to \uDBFF, and no low surrogate after it.
        return escaped.Length >= 6 && escaped[^6] == '\\' && escaped[^5] is (byte)'u'
            && escaped[^4] is (byte)'d' or (byte)'D'
            && escaped[^3] is (byte)'8' or (byte)'9' or (byte)'a' or (byte)'A' or (byte)'b' or (byte)'B';
    }

    /// <summary>
    /// Whether escaped text begins with something else than the middle of a word: a blank, a line break, punctuation,
    /// or a sign of a script that is written without blanks.
    /// </summary>
    public static bool BeginsAnew(ReadOnlySpan<byte> escaped)
    {
        if (escaped.StartsWith("\\u"u8) && escaped.Length >= 6)
        {
            // Letters of alphabets are below U+2000.
            return escaped[2] is not ((byte)'0' or (byte)'1');
        }

        return escaped.Length > 0 && escaped[0] is < 0xC0 or >= 0xE2
            && !char.IsAsciiLetterOrDigit((char)escaped[0]);
    }

    public void Dispose()
    {
        Return();
        _bytes = [];
        Length = 0;
    }

    private void Return()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
