namespace Aspire.Hosting.ApplicationModel;

public abstract class Resource(string name) : IResource
{
    public string Name { get; } = ResourceName.Check(name);

    public ResourceAnnotationCollection Annotations { get; } = [];

    public override string ToString() => Name;
}

/// <summary>A project of the solution, run as a process.</summary>
public sealed class ProjectResource(string name)
    : Resource(name),
        IResourceWithEnvironment,
        IResourceWithArgs,
        IResourceWithServiceDiscovery,
        IResourceWithWaitSupport;

/// <summary>A command on this machine.</summary>
public sealed class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public string Command { get; } = command;

    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>A container image; known images run as local programs, see <c>Infrastructure/KnownImages.cs</c>.</summary>
public class ContainerResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport;

internal static class ResourceName
{
    private const int MaxLength = 64;

    public static string Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var fits = name.Length <= MaxLength && char.IsAsciiLetter(name[0]) && !name.EndsWith('-')
            && !name.Contains("--", StringComparison.Ordinal)
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');
        return fits ? name : throw new ArgumentException(
            $"'{name}' is no resource name: ASCII letters, digits and single hyphens, a letter first, 64 at most.",
            nameof(name));
    }
}
