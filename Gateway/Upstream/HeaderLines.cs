using System.Buffers;

namespace Continuity.Gateway.Upstream;

/// <summary>The header lines of a head, without its first line and up to its empty one.</summary>
internal ref struct HeaderLines(ReadOnlySpan<byte> bytes)
{
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> NotInValues = SearchValues.Create("\0\r\n"u8);

    private ReadOnlySpan<byte> _rest = bytes;

    public HeaderLine Current { get; private set; }

    public readonly HeaderLines GetEnumerator() => this;

    /// <exception cref="HttpRequestException">A line is no valid header.</exception>
    public bool MoveNext()
    {
        var end = _rest.IndexOf("\r\n"u8);
        if (end <= 0)
        {
            return false;
        }

        var line = _rest[..end];
        _rest = _rest[(end + 2)..];
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(TokenBytes) || line[(colon + 1)..].ContainsAny(NotInValues))
        {
            // A name with a blank, a folded line, a bare line break: what one reader takes for one header is two for
            // another.
            throw AnswerHeadParser.Invalid("a line of it is no header.");
        }

        Current = new HeaderLine(line[..colon], line[(colon + 1)..].Trim(" \t"u8));
        return true;
    }
}

internal readonly ref struct HeaderLine(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
{
    private readonly ReadOnlySpan<byte> _name = name;
    private readonly ReadOnlySpan<byte> _value = value;

    public void Deconstruct(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = _name;
        value = _value;
    }
}
