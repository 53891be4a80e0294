using Continuity.ControlPlane.Database;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Continuity.Workers;

/// <summary>Registers who the process is, and when it is ready.</summary>
internal static class WorkerIdentityExtensions
{
    public static void AddWorkerIdentity(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerOptionsValidator>();
        builder.Services.AddOptions<WorkerOptions>().BindConfiguration(WorkerOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<WorkerName>();
        // Jobs that run are given back, not cut off: that takes a moment, but less than the platform waits before it
        // kills.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));
        // Not being ready at the start is no error, and whoever asks is told why.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.Services.AddHealthChecks().AddCheck<SchemaHealthCheck>("schema");
    }

    /// <summary>The roles that the configuration names, before any service can be asked.</summary>
    public static WorkerOptions ReadWorkerOptions(this IConfiguration configuration) =>
        configuration.GetSection(WorkerOptions.Section).Get<WorkerOptions>() ?? new WorkerOptions();

    // A database that goes away later is no reason to call the worker unready: it goes on as far as it can.
    private sealed class SchemaHealthCheck(SchemaGate gate) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken) =>
            Task.FromResult(gate.IsOpen
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The database has not been reached yet."));
    }
}
