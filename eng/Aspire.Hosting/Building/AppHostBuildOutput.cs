using System.Reflection;

namespace Aspire.Hosting.Building;

/// <summary>
/// What the build of the AppHost wrote into its assembly: where it is, and where each service was built to.
/// </summary>
internal sealed class AppHostBuildOutput(string projectDirectory, IReadOnlyDictionary<string, string> services)
{
    private const string DirectoryKey = "apphostprojectdirectory";
    private const string ServicePrefix = "apphostservice:";

    public string ProjectDirectory { get; } = projectDirectory;

    public static AppHostBuildOutput Read(Assembly? assembly)
    {
        var metadata = (assembly?.GetCustomAttributes<AssemblyMetadataAttribute>() ?? []).ToList();
        var directory = metadata.FirstOrDefault(item => item.Key == DirectoryKey)?.Value
            ?? Directory.GetCurrentDirectory();
        var services = metadata
            .Where(item => item.Key.StartsWith(ServicePrefix, StringComparison.Ordinal))
            .ToDictionary(item => item.Key[ServicePrefix.Length..], item => item.Value ?? "", StringComparer.Ordinal);
        return new AppHostBuildOutput(System.IO.Path.GetFullPath(directory), services);
    }

    /// <summary>The program that a project was built to.</summary>
    public string ProgramOf(string projectPath) => services.TryGetValue(projectPath, out var program)
        ? program
        : throw new DistributedApplicationException(
            $"Project '{projectPath}' is not built with the AppHost; add a ProjectReference to it with "
            + "ReferenceOutputAssembly=\"false\" to the AppHost's project file.");
}
