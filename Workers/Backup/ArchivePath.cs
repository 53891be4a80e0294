namespace Continuity.Workers.Backup;

/// <summary>
/// Names in an archive come from a file that anybody may have made: only plain paths below the root are let in.
/// </summary>
internal static class ArchivePath
{
    /// <summary>
    /// The path without a closing slash; <see langword="null"/> when it is absolute or leaves the root.
    /// </summary>
    public static string? Parse(string name)
    {
        var path = name.EndsWith('/') ? name[..^1] : name;
        return path.Length > 0
            && !path.Contains('\0', StringComparison.Ordinal)
            && path.Split('/').All(part => part is not ("" or "." or ".."))
            ? path
            : null;
    }
}
