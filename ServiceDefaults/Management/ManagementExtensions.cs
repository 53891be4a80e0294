using Continuity.ServiceDefaults.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus;

namespace Continuity.ServiceDefaults.Management;

/// <summary>A port for operators only: <c>/metrics</c>, <c>/health</c>, <c>/alive</c> and nothing else.</summary>
internal static class ManagementExtensions
{
    public static void AddManagementPort(this IHostApplicationBuilder builder)
    {
        var options = ManagementOptions.Read(builder.Configuration);
        if (options.Port is { } port)
        {
            MeterPublisher.StartForProcess();
            builder.Services.AddTransient<IStartupFilter>(_ => new ManagementStartupFilter(port));
        }
    }
}

/// <summary>Splits the management port's requests off before anything else sees them.</summary>
internal sealed class ManagementStartupFilter(int port) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        // By the socket's own port: a Host header can say anything.
        app.MapWhen(
            context => context.Connection.LocalPort == port,
            management =>
            {
                management.UseMetricServer("/metrics");
                management.UseHealthChecks(ServiceDefaultsExtensions.HealthPath);
                management.UseHealthChecks(ServiceDefaultsExtensions.AlivePath, ServiceDefaultsExtensions.OnlyLive);
            });
        next(app);
    };
}
