using System.Globalization;

namespace Continuity.AppHost;

/// <summary>What is the same for every service of the stack.</summary>
internal static class ServiceResourceExtensions
{
    /// <summary>Adds a project whose endpoints and variables are named here and nowhere else.</summary>
    public static IResourceBuilder<ProjectResource> AddService(
        this IDistributedApplicationBuilder builder, string name, string project) =>
        builder.AddProject(name, project, options => options.ExcludeLaunchProfile = true);

    /// <summary>A second port for metrics and health, which the service learns from <c>Management__Port</c>.</summary>
    public static IResourceBuilder<ProjectResource> WithManagementEndpoint(
        this IResourceBuilder<ProjectResource> builder)
    {
        builder.WithHttpEndpoint(name: "management");
        var port = builder.GetEndpoint("management").Property(EndpointProperty.TargetPort);
        return builder.WithEnvironment("Management__Port", $"{port}");
    }

    /// <summary>The sites, the sample service and its replicas, which Api takes over at its start.</summary>
    public static IResourceBuilder<ProjectResource> WithInventory(
        this IResourceBuilder<ProjectResource> builder,
        StackSettings settings,
        IReadOnlyList<IResourceBuilder<ProjectResource>> models)
    {
        foreach (var (index, site) in StackSettings.Sites.Index())
        {
            builder.WithEnvironment($"Inventory__Sites__{index}__Id", site)
                .WithEnvironment($"Inventory__Sites__{index}__StorageRoot", settings.StorageRoot(site))
                .WithEnvironment(
                    $"Inventory__Sites__{index}__Priority", (index + 1).ToString(CultureInfo.InvariantCulture))
                .WithRack($"Inventory__Sites__{index}__Domains");
        }

        builder.WithEnvironment("Inventory__Services__0__Name", StackSettings.SampleModel)
            .WithEnvironment("Inventory__Services__0__Policy", "least-requests")
            .WithEnvironment("Inventory__Services__0__FirstByteTimeout", "00:00:02");
        foreach (var (index, model) in settings.Models.Index())
        {
            builder.WithEnvironment($"Inventory__Replicas__{index}__Id", model.Name)
                .WithEnvironment($"Inventory__Replicas__{index}__Service", StackSettings.SampleModel)
                .WithEnvironment($"Inventory__Replicas__{index}__Site", model.Site)
                .WithEnvironment($"Inventory__Replicas__{index}__Domains__0", "rack-1")
                .WithEnvironment($"Inventory__Replicas__{index}__Engine", "vllm")
                .WithEnvironment($"Inventory__Replicas__{index}__Address", models[index].GetEndpoint("http"));
        }

        return builder;
    }

    // One rack on two power feeds, of which one suffices: what the reliability model knows below a site.
    private static IResourceBuilder<ProjectResource> WithRack(
        this IResourceBuilder<ProjectResource> builder, string domains)
    {
        string[] feeds = ["feed-a", "feed-b"];
        foreach (var (index, feed) in feeds.Index())
        {
            builder.WithEnvironment($"{domains}__{index + 1}__Name", feed)
                .WithEnvironment($"{domains}__{index + 1}__Kind", "power-feed")
                .WithEnvironment($"{domains}__0__DependsOn__{index}", feed);
        }

        return builder.WithEnvironment($"{domains}__0__Name", "rack-1")
            .WithEnvironment($"{domains}__0__Kind", "rack")
            .WithEnvironment($"{domains}__0__Needs", "1");
    }
}
