using Continuity.Vault.Files;

namespace Continuity.Vault.Restore;

/// <summary>What of a snapshot is restored. One instance serves one thread.</summary>
internal sealed class PathSelection(RestoreOptions options, IReadOnlyList<byte[]> roots)
{
    private readonly PathPatterns _include = new(options.Include, roots);
    private readonly PathPatterns _exclude = new(options.Exclude, roots);
    private readonly bool[] _matched = new bool[options.Include.Count];

    /// <summary>Whether only what matches is restored, so that a folder on the way may not be itself.</summary>
    public bool IsPart => _include.Count > 0;

    /// <summary>The patterns to include that no path asked about has matched: mistyped, most likely.</summary>
    public IEnumerable<string> Unmatched => options.Include.Where((_, place) => !_matched[place]);

    /// <summary>Whether a path, or a folder that it is in, is to be restored.</summary>
    public bool Selects(byte[] path)
    {
        var isIncluded = _include.Count == 0;
        for (var place = 0; place < _include.Count; place++)
        {
            // A pattern that has matched before is asked only if no other one decides.
            if ((!isIncluded || !_matched[place]) && _include.MatchesOrHolds(place, path))
            {
                isIncluded = _matched[place] = true;
            }
        }

        return isIncluded && !_exclude.MatchesOrHolds(path);
    }
}
