using Continuity.Vault.Files;

namespace Continuity.Vault.Restore;

/// <summary>What of a snapshot is restored. One instance serves one thread.</summary>
internal sealed class PathSelection(RestoreOptions options)
{
    private readonly GlobPattern[] _include = [.. options.Include.Select(pattern => new GlobPattern(pattern))];
    private readonly GlobPattern[] _exclude = [.. options.Exclude.Select(pattern => new GlobPattern(pattern))];
    private readonly bool[] _matched = new bool[options.Include.Count];

    /// <summary>Whether only what matches is restored, so that a folder on the way may not be itself.</summary>
    public bool IsPart => _include.Length > 0;

    /// <summary>The patterns to include that no path asked about has matched: mistyped, most likely.</summary>
    public IEnumerable<string> Unmatched => options.Include.Where((_, place) => !_matched[place]);

    /// <summary>Whether a path, or a folder that it is in, is to be restored.</summary>
    public bool Selects(byte[] path)
    {
        var isIncluded = _include.Length == 0;
        for (var place = 0; place < _include.Length; place++)
        {
            // A pattern that has matched before is asked only if no other one decides.
            if ((!isIncluded || !_matched[place]) && _include[place].MatchesOrHolds(path))
            {
                isIncluded = _matched[place] = true;
            }
        }

        return isIncluded && !Array.Exists(_exclude, pattern => pattern.MatchesOrHolds(path));
    }
}
