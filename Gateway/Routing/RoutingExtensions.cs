using Continuity.ServiceDefaults.Http;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Routing;

/// <summary>Registers the routing table and where it comes from.</summary>
internal static class RoutingExtensions
{
    public static WebApplicationBuilder AddRouting(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RoutingOptions>().BindConfiguration(RoutingOptions.Section)
            .Validate(
                options => options.File is not null || !string.IsNullOrEmpty(options.ApiKey),
                "Set Routing:ApiKey to the key for the Api, or Routing:File to a routing file to serve without one.")
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<RoutingOptions>, RoutingOptionsValidator>();
        services.AddSingleton<RoutingMetrics>();
        services.AddSingleton<RoutingState>();
        services.AddHealthChecks().AddCheck<RoutingHealthCheck>("routing");
        var options = builder.Configuration.GetSection(RoutingOptions.Section).Get<RoutingOptions>()
            ?? new RoutingOptions();
        if (options.File is not null)
        {
            services.AddHostedService<FileRoutingSource>();
        }
        else
        {
            services.AddSingleton<LastKnownGood>();
            services.AddHttpClient<RoutingApiClient>(client =>
            {
                client.BaseAddress = options.ApiAddress ?? ApiAddress.Read(builder.Configuration);
                client.Timeout = Timeout.InfiniteTimeSpan; // Each poll has a deadline of its own.
            }).WithoutResilience();
            services.AddHostedService<ApiRoutingSource>();
        }

        return builder;
    }
}
