using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Infrastructure;

/// <summary>A program on this machine that does what a container image does.</summary>
internal interface ILocalProgram
{
    /// <value>What has to be installed first; null: nothing.</value>
    DebianPackage? Package { get; }

    Task<LaunchSpec> PrepareAsync(ContainerResource container, Instance instance, CancellationToken cancellationToken);

    /// <value>The check behind the server's own health check; null: it has none.</value>
    IHealthCheck? HealthCheck(ContainerResource container, Instance instance) => null;
}
