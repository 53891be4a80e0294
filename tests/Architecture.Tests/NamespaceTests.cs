using System.Text.RegularExpressions;

namespace Continuity.Architecture.Tests;

/// <summary>The folder is the namespace, and no folder is deeper than project / feature / file.</summary>
public sealed partial class NamespaceTests
{
    private static readonly Dictionary<string, string> Projects = Repository.Files
        .Where(file => file.EndsWith(".csproj", StringComparison.Ordinal))
        .ToDictionary(file => Path.GetDirectoryName(file)!, StringComparer.Ordinal);

    [Fact]
    public void Namespaces_FollowTheFolders() =>
        Offenders.None(
            from file in OwnFiles()
            let match = NamespaceLine().Match(Repository.Read(file))
            where match.Success && match.Groups["name"].Value != Expected(file)
                && !file.EndsWith("Extensions.cs", StringComparison.Ordinal)
            select $"{file}: {match.Groups["name"].Value}, expected {Expected(file)}");

    [Fact]
    public void Folders_AreShallow() =>
        Offenders.None(OwnFiles().Where(file => Inside(file).Split('/').Length > 3));

    // The stand-ins keep the namespaces of what they stand in for.
    private static IEnumerable<string> OwnFiles() =>
        Repository.CSharpFiles.Where(file => !file.StartsWith("eng/Aspire.", StringComparison.Ordinal));

    private static string Expected(string file)
    {
        var root = $"Continuity.{Path.GetFileNameWithoutExtension(Project(file))}";
        var folder = Path.GetDirectoryName(Inside(file))!.Replace('/', '.');
        return folder.Length == 0 ? root : $"{root}.{folder}";
    }

    private static string Inside(string file) => Path.GetRelativePath(Path.GetDirectoryName(Project(file))!, file);

    private static string Project(string file)
    {
        var folder = Path.GetDirectoryName(file);
        for (; !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
        {
            if (Projects.TryGetValue(folder, out var project))
            {
                return project;
            }
        }

        throw new InvalidOperationException($"{file} is in no project.");
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
