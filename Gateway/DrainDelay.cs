using Microsoft.Extensions.Options;

namespace Continuity.Gateway;

/// <summary>
/// Keeps serving for a while after readiness is off, so that whoever balances over gateways has noticed.
/// </summary>
internal sealed class DrainDelay(IOptions<GatewayOptions> options, Clock clock, IHostApplicationLifetime lifetime)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        lifetime.ApplicationStopping.IsCancellationRequested && options.Value.DrainDelay > TimeSpan.Zero
            ? Task.Delay(options.Value.DrainDelay, clock.Time, cancellationToken)
            : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
