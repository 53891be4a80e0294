using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Building;
using Aspire.Hosting.Health;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Infrastructure;

/// <summary>
/// The development broker of this repository, in the place of Kafka; its limits are in its own README.
/// </summary>
internal sealed class BrokerProgram(AppHostBuildOutput output) : ILocalProgram
{
    /// <summary>Names the topics that exist from the start, as <c>name:partitions</c> separated by blanks.</summary>
    private const string TopicsVariable = "TOPICS";

    private const string Project = "../eng/DevelopmentBroker/DevelopmentBroker.csproj";

    public DebianPackage? Package => null;

    public async Task<LaunchSpec> PrepareAsync(
        ContainerResource container, Instance instance, CancellationToken cancellationToken)
    {
        var program = output.ProgramOf(Path.GetFullPath(Project, output.ProjectDirectory));
        var environment = await ProjectEnvironment.BuildAsync(container, instance, telemetry: null, cancellationToken);
        var topics = environment.GetValueOrDefault(TopicsVariable, "").Split(
            ' ', StringSplitOptions.RemoveEmptyEntries);
        var port = instance.TargetPorts["tcp"].ToString(CultureInfo.InvariantCulture);
        return new LaunchSpec(
            DotnetHost.Path,
            [program, "--port", port, .. topics.SelectMany(topic => (string[])["--topic", topic])],
            Path.GetDirectoryName(program)!)
        {
            Environment = new Dictionary<string, string> { ["DOTNET_gcConcurrent"] = "0", ["DOTNET_TieredPGO"] = "0" },
        };
    }

    public IHealthCheck? HealthCheck(ContainerResource container, Instance instance) =>
        new ConnectCheck($"{container.Name}_check", instance.TargetPorts["tcp"]);
}
