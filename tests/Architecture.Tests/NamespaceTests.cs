using System.Text.RegularExpressions;

namespace Continuity.Architecture.Tests;

/// <summary>The folder is the namespace, and no folder is deeper than project / feature / file.</summary>
public sealed partial class NamespaceTests
{
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
        var project = Project(file);
        var name = Path.GetFileName(project);
        var root = name == "Testing" ? "Continuity.Testing" : $"Continuity.{name}";
        var folder = Path.GetDirectoryName(Inside(file))!.Replace('/', '.');
        return folder.Length == 0 ? root : $"{root}.{folder}";
    }

    private static string Inside(string file) => file[(Project(file).Length + 1)..];

    private static string Project(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        while (!Repository.Files.Any(other => other == $"{folder}/{Path.GetFileName(folder)}.csproj"))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"{file} is in no project.");
        }

        return folder;
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
