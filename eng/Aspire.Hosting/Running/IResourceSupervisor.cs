using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Brings one resource up and down.</summary>
internal interface IResourceSupervisor : IAsyncDisposable
{
    IResource Resource { get; }

    /// <summary>The first start: after everything that the resource waits for.</summary>
    Task BringUpAsync(CancellationToken cancellationToken);

    /// <summary>Starts what is not running, now.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    Task StopAsync();

    Task ScaleAsync(int replicas, CancellationToken cancellationToken);
}
