using System.Security.Cryptography;

namespace Continuity.Demo;

/// <summary>Finds what differs between two folders: by name, by length, by every byte.</summary>
internal static class FolderComparison
{
    public static IReadOnlyList<string> Differences(string expected, string actual)
    {
        var left = Files(expected);
        var right = Files(actual);
        return
        [
            .. left.Keys.Except(right.Keys).Select(name => $"{name} is missing"),
            .. right.Keys.Except(left.Keys).Select(name => $"{name} is there and should not be"),
            .. left.Keys.Where(name => right.TryGetValue(name, out var hash) && hash != left[name])
                .Select(name => $"{name} differs"),
        ];
    }

    public static int Count(string folder) => Files(folder).Count;

    // What begins with ".continuity" is Continuity's own book-keeping in a target folder.
    private static Dictionary<string, string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(folder, file), File: file))
            .Where(entry => !entry.Name.StartsWith(".continuity", StringComparison.Ordinal))
            .ToDictionary(entry => entry.Name, entry => Hash(entry.File), StringComparer.Ordinal);

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexString(SHA256.HashData(stream));
    }
}
