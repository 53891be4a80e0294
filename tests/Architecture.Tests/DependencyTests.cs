using System.Xml.Linq;

namespace Continuity.Architecture.Tests;

/// <summary>Dependencies point one way: each project may refer to these of ours and no others.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Contracts"] = [],
        ["Vault"] = [],
        ["Vault.Stores"] = ["Vault"],
        ["Reliability"] = [],
        ["ServiceDefaults"] = ["Aspire.Npgsql"],
        ["ControlPlane"] = ["Contracts"],
        ["Gateway"] = ["Contracts", "ServiceDefaults"],
        ["Api"] = ["Contracts", "ControlPlane", "Reliability", "ServiceDefaults", "Aspire.Npgsql"],
        ["Workers"] =
            ["Contracts", "ControlPlane", "Vault", "Vault.Stores", "Reliability", "ServiceDefaults", "Aspire.Npgsql"],
        ["WebConsole"] = ["Contracts", "ServiceDefaults"],
        ["Cli"] = ["Contracts", "Vault", "Vault.Stores", "Reliability"],
        ["ModelServer"] = [],
        ["Demo"] = ["Contracts"],
        ["DevelopmentBroker"] = [],
        ["Aspire.Hosting"] = [],
        ["Aspire.Npgsql"] = [],
    };

    private static readonly string[] Pure = ["Contracts", "Vault", "Reliability"];

    public static TheoryData<string> Projects =>
        [.. Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_RefersOnlyDownwards(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        if (Repository.IsTest(file) || file.StartsWith("benchmarks/", StringComparison.Ordinal))
        {
            return;
        }

        var references = References(file).Where(reference => reference.Linked).Select(reference => reference.Name);

        if (name == "AppHost")
        {
            Assert.Equal(["Aspire.Hosting"], references);
            return;
        }

        Assert.True(Allowed.TryGetValue(name, out var allowed), $"{file} has no row in the table above.");
        Offenders.None(references.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void PureLibrary_HasNoHostNoInjectionNoLogging(string file)
    {
        if (!Pure.Contains(Path.GetFileNameWithoutExtension(file)))
        {
            return;
        }

        var project = XDocument.Parse(Repository.Read(file));

        Assert.Empty(project.Descendants("FrameworkReference"));
        Assert.DoesNotContain(
            project.Descendants("PackageReference"),
            package => package.Attribute("Include")?.Value.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                is true);
    }

    [Fact]
    public void Solution_HoldsEveryProject()
    {
        var solution = Repository.Read("Aspire.sln").Replace('\\', '/');

        Assert.All(Projects, row => Assert.Contains($"\"{row.Data}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void PureLibraries_TakeTheirClockFromTheCaller()
    {
        var offenders = Repository.CSharpFiles
            .Where(file => Pure.Contains(file.Split('/')[0]))
            .Where(file => Repository.Read(file).Contains("TimeProvider.System", StringComparison.Ordinal));

        Offenders.None(offenders);
    }

    private static IEnumerable<(string Name, bool Linked)> References(string file) =>
        from reference in XDocument.Parse(Repository.Read(file)).Descendants("ProjectReference")
        let path = reference.Attribute("Include")!.Value.Replace('\\', '/')
        let attribute = reference.Attribute("ReferenceOutputAssembly")?.Value
        select (Path.GetFileNameWithoutExtension(path), attribute != "false");
}
