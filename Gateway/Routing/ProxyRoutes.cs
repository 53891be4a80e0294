using Continuity.Contracts.Routing;
using Microsoft.AspNetCore.DataProtection;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace Continuity.Gateway.Routing;

/// <summary>Everything that is no model: the control plane's paths, and services by prefix, through YARP.</summary>
internal static class ProxyRoutes
{
    private static readonly string[] ApiPrefixes = ["/api", "/openapi", "/scalar"];

    // The Api checks its own callers; long polls of its clients must outlast the forwarder's default patience.
    private static readonly ForwarderRequestConfig Request = new() { ActivityTimeout = TimeSpan.FromMinutes(2) };

    public static WebApplicationBuilder AddProxyRoutes(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(RoutingOptions.Section).Get<RoutingOptions>();
        var api = options?.File is not null ? null : options?.ApiAddress ?? ApiAddress.Read(builder.Configuration);
        var (routes, clusters) = Build(api, null);
        builder.Services.AddReverseProxy().LoadFromMemory(routes, clusters);
        builder.Services.AddSingleton(new ApiTarget(api));
        RemoveKeyRing(builder.Services);
        return builder;
    }

    // YARP brings keys for session affinity along, which no route here uses. Reading them at each start takes time and
    // memory, and writes files where a read-only container has no place for them.
    private static void RemoveKeyRing(IServiceCollection services)
    {
        var readers = services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Assembly == typeof(IDataProtectionBuilder).Assembly).ToArray();
        foreach (var reader in readers)
        {
            services.Remove(reader);
        }
    }

    public static void MapProxyRoutes(this WebApplication app)
    {
        var configuration = app.Services.GetRequiredService<InMemoryConfigProvider>();
        var api = app.Services.GetRequiredService<ApiTarget>();
        app.Services.GetRequiredService<RoutingState>().Swapped += table =>
        {
            var (routes, clusters) = Build(api.Address, table.Snapshot);
            configuration.Update(routes, clusters);
        };
        app.MapReverseProxy();
    }

    private static (IReadOnlyList<RouteConfig>, IReadOnlyList<ClusterConfig>) Build(Uri? api, RoutingSnapshot? snapshot)
    {
        var routes = new List<RouteConfig>();
        var clusters = new List<ClusterConfig>();
        if (api is not null)
        {
            clusters.Add(Cluster("api", [api]));
            routes.AddRange(ApiPrefixes.Select(prefix => Route($"api{prefix.Replace('/', '-')}", "api", prefix)));
        }

        foreach (var prefix in snapshot?.Prefixes ?? [])
        {
            clusters.Add(Cluster($"prefix-{prefix.Name}", prefix.Addresses));
            var route = Route($"prefix-{prefix.Name}", $"prefix-{prefix.Name}", prefix.Prefix);
            routes.Add(prefix.StripPrefix ? route.WithTransformPathRemovePrefix(prefix.Prefix) : route);
        }

        return (routes, clusters);
    }

    private static RouteConfig Route(string id, string cluster, string prefix) =>
        new() { RouteId = id, ClusterId = cluster, Match = new RouteMatch { Path = $"{prefix}/{{**rest}}" } };

    private static ClusterConfig Cluster(string id, IReadOnlyList<Uri> addresses) => new()
    {
        ClusterId = id,
        HttpRequest = Request,
        LoadBalancingPolicy = "PowerOfTwoChoices",
        HealthCheck = new HealthCheckConfig
        {
            AvailableDestinationsPolicy = "HealthyOrPanic",
            Passive = new PassiveHealthCheckConfig { Enabled = true, ReactivationPeriod = TimeSpan.FromSeconds(2) },
        },
        Destinations = addresses
            .Select((address, index) => (Name: $"{index}", Address: address))
            .ToDictionary(item => item.Name, item => new DestinationConfig { Address = item.Address.ToString() }),
    };

    private sealed record ApiTarget(Uri? Address);
}
