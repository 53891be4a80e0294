namespace Continuity.Vault.Files;

/// <summary>A pattern of paths: `*` and `?` stay within a name, `**` crosses folders, `[a-z]` is one of a
/// set.</summary>
/// <remarks>A pattern without a separator matches the last name of a path at any depth; one with a separator matches
/// from the root. Matching a folder matches all that is below it.</remarks>
internal sealed class GlobPattern
{
    private readonly byte[] _pattern;
    private readonly bool _nameOnly;

    public GlobPattern(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var trimmed = pattern.Trim('/');
        _nameOnly = !trimmed.Contains('/') && !pattern.StartsWith('/');
        _pattern = FilePath.FromText(trimmed);
    }

    /// <summary>Whether the path, or a folder that it is in, matches.</summary>
    public bool MatchesOrHolds(ReadOnlySpan<byte> path)
    {
        for (var end = path.Length; end > 0; end = path[..end].LastIndexOf(FilePath.Separator))
        {
            if (Matches(path[..end]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the path itself matches.</summary>
    public bool Matches(ReadOnlySpan<byte> path)
    {
        if (_nameOnly)
        {
            path = path[FilePath.Split(path).NameStart..];
        }

        return Match(_pattern, path);
    }

    private static bool Match(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern[0] == '*')
            {
                return MatchStar(pattern, text);
            }

            if (text.IsEmpty)
            {
                return false;
            }

            if (pattern[0] == '[' && TryMatchSet(pattern, text[0], out var setLength, out var isInSet))
            {
                if (!isInSet)
                {
                    return false;
                }

                pattern = pattern[setLength..];
            }
            else if (pattern[0] == text[0] || (pattern[0] == '?' && text[0] != FilePath.Separator))
            {
                pattern = pattern[1..];
            }
            else
            {
                return false;
            }

            text = text[1..];
        }

        return text.IsEmpty;
    }

    private static bool MatchStar(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        var crosses = pattern.StartsWith("**"u8);
        var rest = pattern[(crosses ? 2 : 1)..];
        // "**/" also stands for no folder at all.
        if (crosses && rest.StartsWith("/"u8) && Match(rest[1..], text))
        {
            return true;
        }

        for (var skipped = 0; skipped <= text.Length; skipped++)
        {
            if (Match(rest, text[skipped..]))
            {
                return true;
            }

            if (skipped < text.Length && text[skipped] == FilePath.Separator && !crosses)
            {
                return false;
            }
        }

        return false;
    }

    private static bool TryMatchSet(ReadOnlySpan<byte> pattern, byte value, out int length, out bool isInSet)
    {
        isInSet = false;
        // A first ']' is a member.
        var close = pattern.Length > 2 ? pattern[2..].IndexOf((byte)']') : -1;
        length = close + 3;
        if (close < 0)
        {
            return false;
        }

        var set = pattern[1..(length - 1)];
        var negated = set[0] is (byte)'!' or (byte)'^';
        set = negated ? set[1..] : set;
        while (!set.IsEmpty)
        {
            var isRange = set.Length >= 3 && set[1] == '-';
            isInSet |= isRange ? value >= set[0] && value <= set[2] : value == set[0];
            set = set[(isRange ? 3 : 1)..];
        }

        isInSet = isInSet != negated && value != FilePath.Separator;
        return true;
    }
}
