using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Building;
using Aspire.Hosting.Infrastructure;

namespace Aspire.Hosting.Running;

/// <summary>Works out which process a replica is.</summary>
internal sealed class LaunchPlanner(AppHostBuildOutput output, KnownImages images, TelemetryTarget? telemetry)
{
    public async Task<LaunchSpec> PlanAsync(IResource resource, Instance instance, CancellationToken cancellationToken)
    {
        if (resource is ContainerResource container)
        {
            return await images.ProgramOf(container).PrepareAsync(container, instance, cancellationToken);
        }

        var arguments = await new ValueResolver(resource, instance).ArgumentsAsync(cancellationToken);
        var environment = await ProjectEnvironment.BuildAsync(resource, instance, telemetry, cancellationToken);
        return resource switch
        {
            ProjectResource project => Project(project, arguments) with { Environment = environment },
            ExecutableResource executable =>
                new LaunchSpec(executable.Command, arguments, executable.WorkingDirectory)
                {
                    Environment = environment,
                },
            _ => throw new DistributedApplicationException(
                $"Resource '{resource.Name}' of type {resource.GetType().Name} cannot be run."),
        };
    }

    private LaunchSpec Project(ProjectResource project, IReadOnlyList<string> arguments)
    {
        var path = project.Annotations.OfType<ProjectAnnotation>().Single().Path;
        var program = output.ProgramOf(path);
        return File.Exists(program)
            ? new LaunchSpec(DotnetHost.Path, [program, .. arguments], Path.GetDirectoryName(path)!)
            : throw new DistributedApplicationException(
                $"Project '{project.Name}' is not built: {program} is missing; build the AppHost again.");
    }
}

internal static class DotnetHost
{
    public static string Path { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } given
        ? given
        : "dotnet";
}
