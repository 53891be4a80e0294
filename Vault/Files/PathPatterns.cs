namespace Continuity.Vault.Files;

/// <summary>Patterns against the paths of a tree whose roots lay somewhere. One that begins with `/` may name a path as
/// it is in the tree, or whole as it was on the machine: `/models/llm/logs` of the root `/models/llm` is
/// `/logs`.</summary>
internal sealed class PathPatterns(IEnumerable<string> patterns, IReadOnlyList<byte[]> roots)
{
    private readonly (GlobPattern Pattern, bool MayBeWhole)[] _patterns =
        [.. patterns.Select(text => (new GlobPattern(text), text.StartsWith('/')))];
    private readonly Dictionary<string, byte[]> _rootsByName = NameRoots(roots);

    public int Count => _patterns.Length;

    /// <summary>Whether a pattern matches the path itself.</summary>
    public bool Matches(byte[] path) => Array.Exists(
        _patterns, pattern => pattern.Pattern.Matches(path)
            || (pattern.MayBeWhole && Array.Exists(Whole(path), whole => pattern.Pattern.Matches(whole))));

    /// <summary>Whether a pattern matches the path, or a folder that it is in.</summary>
    public bool MatchesOrHolds(byte[] path)
    {
        for (var place = 0; place < _patterns.Length; place++)
        {
            if (MatchesOrHolds(place, path))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether one of the patterns matches the path, or a folder that it is in.</summary>
    public bool MatchesOrHolds(int place, byte[] path) => _patterns[place].Pattern.MatchesOrHolds(path)
        || (_patterns[place].MayBeWhole
            && Array.Exists(Whole(path), whole => _patterns[place].Pattern.MatchesOrHolds(whole)));

    /// <summary>Names the roots of a tree that has several: by their last component, made unique by a number.</summary>
    public static Dictionary<string, byte[]> NameRoots(IReadOnlyList<byte[]> roots)
    {
        var named = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var root in roots)
        {
            var last = FilePath.KeyOf(root.AsSpan(FilePath.Split(root).NameStart));
            var name = last.Length > 0 ? last : "root";
            var unique = name;
            for (var number = 2; !named.TryAdd(unique, root); number++)
            {
                unique = $"{name}-{number}";
            }
        }

        return named;
    }

    // A tree of one root begins with it, or holds it if it is a file.
    private byte[][] Whole(byte[] path)
    {
        var end = path.AsSpan().IndexOf(FilePath.Separator);
        var first = FilePath.KeyOf(end < 0 ? path : path.AsSpan(0, end));
        var below = end < 0 ? [] : path.AsSpan(end + 1);
        var ofNamed = _rootsByName.TryGetValue(first, out var root) && path.Length > 0
            ? below.IsEmpty ? root : FilePath.Join(root, below)
            : null;
        var ofOnly = roots.Count == 1 ? path.Length == 0 ? roots[0] : FilePath.Join(roots[0], path) : null;
        return [.. new[] { ofNamed, ofOnly }.OfType<byte[]>().Select(whole => whole[Slashes(whole)..])];
    }

    // Patterns are kept without their first separator.
    private static int Slashes(byte[] path) => path.Length > 0 && path[0] == FilePath.Separator ? 1 : 0;
}
