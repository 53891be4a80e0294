using System.Buffers;

namespace Continuity.Vault.Storage;

/// <summary>The rules for blob names: names that every store can keep as they are.</summary>
/// <remarks>A name is one or more segments joined by '/'. A segment is made of ASCII letters, digits, '-', '_' and '.',
/// and does not begin with '.': so '..' cannot occur, and stores may use such names for their own temporary files.
/// Names differ in more than upper and lower case (not checked), at most 512 characters long.</remarks>
public static class BlobName
{
    /// <summary>The most characters a name may have.</summary>
    public const int MaxLength = 512;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./");

    /// <summary>Tells whether a name is valid.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether it follows the rules.</returns>
    public static bool IsValid(string? name) => !string.IsNullOrEmpty(name) && name[^1] != '/' && CanBegin(name);

    /// <summary>Throws unless a name is valid.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">It does not follow the rules.</exception>
    public static void ThrowIfInvalid(string name)
    {
        if (!IsValid(name))
        {
            throw new ArgumentException(
                $"'{name}' is not a blob name: use segments of letters, digits, '-', '_' and '.' joined by '/', none "
                + $"beginning with '.', and at most {MaxLength} characters.", nameof(name));
        }
    }

    /// <summary>Throws unless a prefix is empty or can begin a valid name.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <exception cref="ArgumentException">No valid name begins so.</exception>
    public static void ThrowIfInvalidPrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length > 0 && !CanBegin(prefix))
        {
            throw new ArgumentException($"No blob name begins with '{prefix}'.", nameof(prefix));
        }
    }

    private static bool CanBegin(string name) =>
        name.Length <= MaxLength
        && name[0] is not ('/' or '.')
        && !name.AsSpan().ContainsAnyExcept(Allowed)
        && !name.Contains("//", StringComparison.Ordinal)
        && !name.Contains("/.", StringComparison.Ordinal);
}
