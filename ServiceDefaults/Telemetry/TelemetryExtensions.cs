using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Continuity.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string OurSources = "Continuity.*";

    /// <summary>Sends traces, metrics and logs by OTLP, if there is somewhere to send them.</summary>
    /// <remarks>Without an endpoint nothing is recorded: it would cost memory and time for nobody.</remarks>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]))
        {
            return;
        }

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(OurSources)
                .AddView(SecondsBuckets))
            .WithTracing(tracing => tracing
                .AddSource(OurSources)
                .AddSource(builder.Environment.ApplicationName)
                .AddAspNetCoreInstrumentation(options => options.Filter = IsWorthATrace)
                .AddHttpClientInstrumentation())
            .UseOtlpExporter();
    }

    // Probes and scrapes come every second or so, forever.
    private static bool IsWorthATrace(HttpContext context) =>
        context.Request.Path.Value is not (
            ServiceDefaultsExtensions.HealthPath or ServiceDefaultsExtensions.AlivePath or "/metrics");

    private static ExplicitBucketHistogramConfiguration? SecondsBuckets(Instrument instrument) =>
        HistogramBuckets.IsOursInSeconds(instrument)
            ? new ExplicitBucketHistogramConfiguration { Boundaries = HistogramBuckets.Seconds }
            : null;
}
