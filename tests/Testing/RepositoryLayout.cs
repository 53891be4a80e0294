namespace Continuity.Testing;

/// <summary>Where things are in the working tree that the running test was built from.</summary>
public static class RepositoryLayout
{
    private const string Solution = "Aspire.sln";

    private static readonly Lazy<string> _root = new(FindRoot);

    public static string Root => _root.Value;

    /// <summary>
    /// The assembly that a project of this tree was built to, in the configuration of the running test.
    /// </summary>
    /// <param name="projectFolder">Relative to the root: <c>eng/DevelopmentBroker</c>.</param>
    /// <param name="flavour">A folder below <c>bin</c>, for a project that is built in more than one way.</param>
    public static string ProgramOf(string projectFolder, string flavour = "")
    {
        // tests/X.Tests/bin/<configuration>/<framework>/ -> <projectFolder>/bin/<configuration>/<framework>/
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var (framework, configuration) = (output.Name, output.Parent?.Name ?? "");
        var assembly = Path.Combine(
            Root, projectFolder, "bin", flavour, configuration, framework,
            $"Continuity.{Path.GetFileName(projectFolder)}.dll");
        return File.Exists(assembly)
            ? assembly
            : throw new FileNotFoundException(
                $"{assembly} is not there: build {projectFolder} first (dotnet build {projectFolder}).", assembly);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds {Solution}.");
    }
}
