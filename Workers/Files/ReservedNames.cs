using System.Globalization;

namespace Continuity.Workers.Files;

/// <summary>
/// The names that Continuity keeps for itself in the folders it writes; sources are read without them.
/// </summary>
internal static class ReservedNames
{
    /// <summary>At the root of a target: the fence, the manifest, staged files.</summary>
    public const string Folder = ".continuity";

    private const string TemporaryPrefix = ".continuity-";
    private const string TemporarySuffix = ".tmp";

    /// <summary>
    /// The name of a file that is still being written; it says whose it is, so that a successor may remove it.
    /// </summary>
    public static string Temporary(long fencingToken, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{TemporaryPrefix}{fencingToken}-{number}{TemporarySuffix}");

    public static bool IsTemporary(ReadOnlySpan<char> name)
    {
        if (!name.StartsWith(TemporaryPrefix) || !name.EndsWith(TemporarySuffix)
            || name.Length <= TemporaryPrefix.Length + TemporarySuffix.Length)
        {
            return false;
        }

        var middle = name[TemporaryPrefix.Length..^TemporarySuffix.Length];
        var hyphen = middle.IndexOf('-');
        return hyphen > 0
            && middle[..hyphen].IndexOfAnyExceptInRange('0', '9') < 0
            && hyphen < middle.Length - 1
            && middle[(hyphen + 1)..].IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
