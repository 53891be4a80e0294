using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Continuity.Gateway.Routing;

/// <summary>A gateway is ready when it has routes, and no longer when it is asked to stop.</summary>
internal sealed class RoutingHealthCheck(RoutingState routing, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(
            lifetime.ApplicationStopping.IsCancellationRequested
                ? HealthCheckResult.Unhealthy("The gateway is stopping.")
            : routing.Current is null ? HealthCheckResult.Unhealthy("There is no routing snapshot yet.")
            : HealthCheckResult.Healthy());
}
