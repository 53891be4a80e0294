using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Faults;
using Continuity.ControlPlane.Jobs;
using Continuity.ControlPlane.Keys;
using Continuity.ControlPlane.Leases;
using Continuity.ControlPlane.Messaging;
using Continuity.ControlPlane.Protection;
using Continuity.ControlPlane.Routing;
using Continuity.ControlPlane.Services;
using Continuity.ControlPlane.Sites;
using Continuity.ControlPlane.Topology;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Continuity.ControlPlane;

/// <summary>Registers the control plane's state: what the Api and the workers share.</summary>
public static class ControlPlaneServiceCollectionExtensions
{
    /// <summary>
    /// Adds the stores, and a worker that brings the schema up to date. Needs an <c>NpgsqlDataSource</c>.
    /// </summary>
    public static IServiceCollection AddControlPlane(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SchemaMigrator>();
        services.AddSingleton<SchemaGate>();
        services.AddHostedService<SchemaWorker>();
        services.AddSingleton<ControlPlaneDatabase>();
        services.AddSingleton<Outbox>();
        services.AddLeases();
        services.AddSingleton<JobClaimer>();
        services.AddSingleton(provider => new WorkerJobs(
            provider.GetRequiredService<ControlPlaneDatabase>(),
            provider.GetRequiredService<JobClaimer>(),
            provider.GetRequiredService<Outbox>()));
        services.AddSingleton(provider => new JobStore(
            provider.GetRequiredService<ControlPlaneDatabase>(),
            provider.GetRequiredService<Outbox>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ArtefactSetStore>();
        services.AddSingleton<SiteStore>();
        services.AddSingleton<ServiceStore>();
        services.AddSingleton<PrefixServiceStore>();
        services.AddSingleton(provider => new ReplicaStore(
            provider.GetRequiredService<ControlPlaneDatabase>(), provider.GetRequiredService<Outbox>()));
        services.AddSingleton<KeyStore>();
        services.AddSingleton<TenantStore>();
        services.AddSingleton<Notifications>();
        return services;
    }

    /// <summary>Adds what lets gateways wait for routing.</summary>
    public static IServiceCollection AddRoutingFeed(this IServiceCollection services)
    {
        services.AddNotifications();
        services.AddSingleton<RoutingSnapshots>();
        services.AddSingleton<RoutingFeed>();
        return services;
    }

    /// <summary>Adds what tells of the platform as a whole, and of its changes.</summary>
    public static IServiceCollection AddPlatformSnapshots(this IServiceCollection services)
    {
        services.AddNotifications();
        services.AddSingleton<PlatformSnapshots>();
        services.AddSingleton<FaultStore>();
        return services;
    }

    // One connection that listens, however many features want to be woken.
    internal static void AddNotifications(this IServiceCollection services) =>
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, NotificationWorker>());

    private static void AddLeases(this IServiceCollection services)
    {
        services.AddOptions<LeaseOptions>()
            .BindConfiguration(LeaseOptions.Section)
            .Validate(
                LeaseOptions.IsValid,
                $"{LeaseOptions.Section}: TimeToLive must be 1 second to 10 minutes and more than twice Margin, "
                + "and Margin more than 0.")
            .ValidateOnStart();
        services.AddSingleton<LeaseStore>();
    }
}
