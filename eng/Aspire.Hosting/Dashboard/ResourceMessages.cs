using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Protocol;
using Aspire.Hosting.Running;
using Google.Protobuf.WellKnownTypes;
using Message = Aspire.Hosting.Dashboard.Protocol.Resource;

namespace Aspire.Hosting.Dashboard;

/// <summary>Says in the dashboard's words what a host tells of one replica.</summary>
internal static class ResourceMessages
{
    public static Message From(InstanceSnapshot snapshot)
    {
        var message = new Message
        {
            Name = snapshot.Id,
            DisplayName = snapshot.Resource.Name,
            ResourceType = snapshot.Kind,
            Uid = snapshot.Id,
            State = snapshot.State,
            CreatedAt = snapshot.CreatedAt.ToTimestamp(),
            StartedAt = snapshot.StartedAt?.ToTimestamp(),
            StoppedAt = snapshot.StoppedAt?.ToTimestamp(),
        };
        message.Urls.AddRange(Urls(snapshot));
        message.Properties.AddRange(Properties(snapshot));
        message.Relationships.AddRange(Relationships(snapshot.Resource));
        message.HealthReports.AddRange(HealthReports(snapshot));
        message.Commands.AddRange(DashboardCommands.Of(snapshot));
        message.Environment.AddRange((snapshot.Launch?.Environment ?? new Dictionary<string, string>())
            .Select(variable => new EnvironmentVariable
            {
                Name = variable.Key,
                Value = variable.Value,
                IsFromSpec = true,
            }));
        return message;
    }

    private static IEnumerable<Protocol.Url> Urls(InstanceSnapshot snapshot) => snapshot.Addresses.Select(address =>
        new Protocol.Url
        {
            EndpointName = address.Name,
            FullUrl = $"{address.Scheme}://localhost:{address.Port}",
            IsInactive = snapshot.State != KnownResourceStates.Running,
            // The dashboard reads it without asking whether it is there.
            DisplayProperties = new UrlDisplayProperties(),
        });

    private static IEnumerable<ResourceProperty> Properties(InstanceSnapshot snapshot)
    {
        if (snapshot.ProcessId is { } id)
        {
            yield return Property("executable.pid", Value.ForNumber(id));
        }

        if (snapshot.ExitCode is { } code)
        {
            yield return Property("resource.exitCode", Value.ForNumber(code));
        }

        if (snapshot.Launch is { } launch)
        {
            yield return Property("executable.path", Value.ForString(launch.FileName));
            yield return Property("executable.workDir", Value.ForString(launch.WorkingDirectory));
            yield return Property(
                "executable.args", Value.ForList([.. launch.Arguments.Select(Value.ForString)]), isSensitive: true);
        }

        if (snapshot.Resource.Annotations.OfType<ProjectAnnotation>().SingleOrDefault() is { } project)
        {
            yield return Property("project.path", Value.ForString(project.Path));
        }

        if (snapshot.Resource.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault() is { } image)
        {
            yield return Property("container.image", Value.ForString(image.FullName));
        }
    }

    private static ResourceProperty Property(string name, Value value, bool isSensitive = false) =>
        new() { Name = name, Value = value, IsSensitive = isSensitive };

    private static IEnumerable<ResourceRelationship> Relationships(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>()
            .Select(wait => wait.Dependency.Name)
            .Distinct()
            .Select(name => new ResourceRelationship { ResourceName = name, Type = "WaitFor" });

    private static IEnumerable<HealthReport> HealthReports(InstanceSnapshot snapshot)
    {
        if (!snapshot.HasHealthCheck)
        {
            yield break;
        }

        var report = new HealthReport
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"{snapshot.Resource.Name}_check"),
            Description = snapshot.HealthReason ?? "",
            LastRunAt = snapshot.CheckedAt?.ToTimestamp(),
        };
        if (snapshot.Health is { } health)
        {
            report.Status = health == HealthState.Healthy ? HealthStatus.Healthy : HealthStatus.Unhealthy;
        }

        yield return report;
    }
}
