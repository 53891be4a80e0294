using System.Security.Cryptography;

namespace Continuity.EndToEnd.Tests.Jobs;

/// <summary>What a folder holds, as lines that can be compared.</summary>
internal static class FolderContent
{
    private const string Reserved = ".continuity";

    private static readonly EnumerationOptions _allFiles = new() { AttributesToSkip = 0, RecurseSubdirectories = true };

    /// <summary>All files and folders, with hashes, times and modes, without what a copy keeps for itself.</summary>
    public static IReadOnlyList<string> Read(string root) =>
        [.. Files(root).Where(file => !file.StartsWith(Reserved + "/", StringComparison.Ordinal))
            .Select(file => Describe(root, file))
            .Concat(Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories)
                .Select(folder => Path.GetRelativePath(root, folder) + "/")
                .Where(folder => !folder.StartsWith(Reserved + "/", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)];

    /// <summary>All files, also the fence, the manifest and what is only half written.</summary>
    public static IReadOnlyList<string> ReadWithReserved(string root) =>
        [.. Files(root).Select(file => Describe(root, file)).Order(StringComparer.Ordinal)];

    /// <summary>Files that are not finished, by any worker.</summary>
    public static IReadOnlyList<string> HalfWritten(string root) =>
        [.. Files(root).Where(file => Path.GetFileName(file).StartsWith(Reserved + "-", StringComparison.Ordinal))];

    private static IEnumerable<string> Files(string root) =>
        Directory.EnumerateFiles(root, "*", _allFiles).Select(file => Path.GetRelativePath(root, file));

    private static string Describe(string root, string file)
    {
        var path = Path.Combine(root, file);
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        return $"{file} {hash} {File.GetLastWriteTimeUtc(path):O} {File.GetUnixFileMode(path)}";
    }
}
