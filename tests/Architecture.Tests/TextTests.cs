using System.Text.RegularExpressions;

namespace Continuity.Architecture.Tests;

/// <summary>What no file of the repository may say.</summary>
public sealed partial class TextTests
{
    private static readonly string[] BinaryEndings = [".png", ".zst", ".pack", ".bin", ".ico", ".woff2", ".npz", ".pt"];

    private static IEnumerable<string> TextFiles => Repository.Files.Where(file =>
        !BinaryEndings.Contains(Path.GetExtension(file)) && !file.Contains("/testdata/", StringComparison.Ordinal));

    [Fact]
    public void NoFile_NamesAPackageRegistryHost() => AssertNone(RegistryHosts());

    [Fact]
    public void NoFile_HoldsAPathOfAMachine() => AssertNone(MachinePaths());

    [Fact]
    public void NoCode_IsUnfinishedWithoutAnIssue() => AssertNone(Unfinished());

    [Fact]
    public void NoType_IsNamedForNothing() => AssertNone(EmptyNames());

    [Fact]
    public void Root_HoldsOnlyItsDoors()
    {
        var documents = Repository.Files
            .Where(file => !file.Contains('/') && file.EndsWith(".md", StringComparison.Ordinal));

        Offenders.None(documents.Except(["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]));
    }

    [Fact]
    public void Metrics_EachHaveARowInTheDocument()
    {
        var documented = Repository.Read("docs/metrics.md");
        var instruments =
            from file in Repository.CSharpFiles
            where !Repository.IsTest(file) && !file.StartsWith("samples/", StringComparison.Ordinal)
            from Match match in InstrumentNames().Matches(Repository.Read(file))
            select match.Groups["name"].Value;

        var undocumented = instruments.Distinct().Where(name => !documented.Contains($"`{name}`"));

        Assert.NotEmpty(instruments);
        Offenders.None(undocumented);
    }

    private static void AssertNone(Regex forbidden) =>
        Offenders.None(
            from file in TextFiles
            where !file.EndsWith("Architecture.Tests/TextTests.cs", StringComparison.Ordinal)
            from line in Repository.Read(file).Split('\n').Index()
            where forbidden.IsMatch(line.Item)
            select $"{file}:{line.Index + 1}: {line.Item.Trim()}");

    [GeneratedRegex(@"registry\.npmjs|api\.nuget\.org|nuget\.org/v3|deb\.debian\.org|security\.debian\.org")]
    private static partial Regex RegistryHosts();

    [GeneratedRegex("""(^|["'\s=:(`])/(work|farm|home|root|Users)/[A-Za-z]""")]
    private static partial Regex MachinePaths();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b(?!.*#\d+)|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^\s*(public|internal)[\w\s]*\b(class|record|struct)\s+\w*(Manager|Helpers?|Utils?|Common)\b")]
    private static partial Regex EmptyNames();

    [GeneratedRegex("""Create\w*(Counter|Histogram|Gauge)(<\w+>)?\(\s*"(?<name>continuity[.][a-z0-9_.]+)""")]
    private static partial Regex InstrumentNames();
}
