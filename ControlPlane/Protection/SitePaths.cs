using Continuity.Contracts.ArtefactSets;

namespace Continuity.ControlPlane.Protection;

/// <summary>Where a <see cref="SitePath"/> is on the site's disks.</summary>
/// <remarks>
/// These rules are about the text of a path only. Whoever opens files below it must also refuse symbolic links that
/// lead
/// out of it: what a path means on disk can change after it was declared.
/// </remarks>
public static class SitePaths
{
    /// <summary>The absolute folder.</summary>
    /// <exception cref="ArgumentException">The path leads out of the site's storage roots.</exception>
    public static string Resolve(SitePath path, IReadOnlyList<string> storageRoots) =>
        WhyInvalid(path, storageRoots) is { } reason
            ? throw new ArgumentException(reason, nameof(path))
            : Trim(Path.IsPathRooted(path.Path) ? path.Path : Path.Combine(storageRoots[0], path.Path));

    /// <summary>One sentence that says why the path can't be used; <see langword="null"/> when it can.</summary>
    public static string? WhyInvalid(SitePath path, IReadOnlyList<string> storageRoots)
    {
        if (storageRoots.Count == 0)
        {
            return $"Site '{path.Site}' has no storage roots; declare one first.";
        }

        if (path.Path.Length == 0 || path.Path.Contains('\0'))
        {
            return "A path must not be empty or hold a NUL character.";
        }

        var parts = path.Path.Split('/', '\\');
        if (parts.Any(part => part is ".." or "."))
        {
            return $"Path '{path.Path}' must not hold the parts '.' or '..'.";
        }

        return Path.IsPathRooted(path.Path) && !storageRoots.Any(root => IsWithin(Trim(path.Path), Trim(root)))
            ? $"Path '{path.Path}' is below none of the storage roots of site '{path.Site}': "
                + $"{string.Join(", ", storageRoots)}."
            : null;
    }

    /// <summary>
    /// One sentence that says why a folder can't be a storage root; <see langword="null"/> when it can.
    /// </summary>
    public static string? WhyInvalidRoot(string root)
    {
        if (!Path.IsPathRooted(root) || root.Contains('\0') || root.Split('/', '\\').Any(part => part is ".." or "."))
        {
            return $"Storage root '{root}' must be an absolute path without the parts '.' or '..'.";
        }

        return Trim(root).Length == 0 || Trim(root) == "/" ? "A storage root must not be the whole file system." : null;
    }

    private static bool IsWithin(string path, string root) =>
        path == root || path.StartsWith(root + "/", StringComparison.Ordinal);

    private static string Trim(string path) => path.Length > 1 ? path.TrimEnd('/') : path;
}
