using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Control;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Building;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private static readonly Dictionary<string, string> Switches = new(StringComparer.Ordinal)
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--output-path"] = "Pipeline:OutputPath",
        ["--step"] = "Pipeline:Step",
        ["--log-level"] = "Pipeline:LogLevel",
    };

    private readonly List<IResource> _resources = [];
    private readonly AppHostBuildOutput _output;

    public DistributedApplicationBuilder(string[] args, AppHostBuildOutput output)
    {
        _output = output;
        Command = CommandLine.Parse(args);
        Configuration.SetBasePath(output.ProjectDirectory);
        Configuration.AddJsonFile("appsettings.json", optional: true);
        Configuration.AddJsonFile("appsettings.Development.json", optional: true);
        Configuration.AddEnvironmentVariables();
        Configuration.AddCommandLine([.. Command.Settings], Switches);
        State = StateFolder.At(Configuration, output.ProjectDirectory);
        Configuration["State:Path"] = State.Path;
        // Everything runs on this machine, what the real host would put into containers too.
        Configuration["AppHost:ContainerHostname"] = "127.0.0.1";
        ExecutionContext = new DistributedApplicationExecutionContext(IsPublish()
            ? DistributedApplicationOperation.Publish
            : DistributedApplicationOperation.Run);
    }

    public ConfigurationManager Configuration { get; } = new();

    public string AppHostDirectory => _output.ProjectDirectory;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IReadOnlyList<IResource> Resources => _resources;

    internal CommandLine Command { get; }

    internal StateFolder State { get; }

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (_resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException(
                $"Cannot add resource '{resource.Name}': the application already has one with that name.");
        }

        _resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build() => new(this, _output);

    private bool IsPublish() => Configuration["Publishing:Publisher"] is not null
        || string.Equals(Configuration["AppHost:Operation"], "publish", StringComparison.OrdinalIgnoreCase);
}

internal sealed class ResourceBuilder<T>(IDistributedApplicationBuilder builder, T resource) : IResourceBuilder<T>
    where T : IResource
{
    public IDistributedApplicationBuilder ApplicationBuilder => builder;

    public T Resource => resource;
}
