using Continuity.ServiceDefaults.Http;
using Continuity.ServiceDefaults.Management;
using Continuity.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Continuity.ServiceDefaults;

/// <summary>What every service has: telemetry, health, metrics on a port of their own, discovery, resilience.</summary>
public static class ServiceDefaultsExtensions
{
    internal const string LiveTag = "live";
    internal const string HealthPath = "/health";
    internal const string AlivePath = "/alive";

    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning)
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Warning)
            .AddFilter("System.Net.Http.HttpClient", LogLevel.Warning)
            // It would log every unhealthy answer to every probe as an error; whoever is unhealthy says so once itself.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.AddTelemetry();
        builder.AddManagementPort();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddResilience().AddServiceDiscovery());
        return builder;
    }

    /// <summary>
    /// Serves <c>/health</c> (ready for work) and <c>/alive</c> (need not be restarted) on all ports.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPath).AllowAnonymous();
        app.MapHealthChecks(AlivePath, OnlyLive).AllowAnonymous();
        return app;
    }

    internal static HealthCheckOptions OnlyLive { get; } = new() { Predicate = check => check.Tags.Contains(LiveTag) };
}
