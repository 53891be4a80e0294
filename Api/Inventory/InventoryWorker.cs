using Continuity.Contracts.Keys;
using Continuity.Contracts.Routing;
using Continuity.Contracts.Sites;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Keys;
using Continuity.ControlPlane.Services;
using Continuity.ControlPlane.Sites;

namespace Continuity.Api.Inventory;

/// <summary>Applies what configuration declares once the database is there, however late that is.</summary>
/// <remarks>
/// The state of a site or replica that exists already stays as it is: a restart must not undo what an operator drained.
/// </remarks>
internal sealed partial class InventoryWorker(
    InventorySettings settings, InventoryStores stores, SchemaGate schema, TimeProvider time,
    ILogger<InventoryWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.WaitAsync(stoppingToken);
        while (true)
        {
            try
            {
                await ApplyAsync(stoppingToken);
                settings.MarkApplied();
                return;
            }
            catch (Exception exception) when (DatabaseErrors.IsFailure(exception))
            {
                LogNotApplied(exception.Message);
            }

            await Task.Delay(_retryDelay, time, stoppingToken);
        }
    }

    internal async Task ApplyAsync(CancellationToken cancellationToken)
    {
        if (settings.AdminKey is { } key)
        {
            await stores.Keys.EnsureAsync(key, "bootstrap administrator", [Role.Admin], cancellationToken);
        }

        foreach (var site in settings.Inventory.Sites)
        {
            var known = await stores.Sites.FindAsync(site.Id, cancellationToken);
            await stores.Sites.PutAsync(
                site.Id, site.ToRequest(known?.State ?? SiteState.Active), cancellationToken);
        }

        foreach (var service in settings.Inventory.Services)
        {
            await stores.Services.PutAsync(service.Name, service, cancellationToken);
        }

        foreach (var replica in settings.Inventory.Replicas)
        {
            await ApplyAsync(replica, cancellationToken);
        }

        LogApplied(settings.Inventory.Sites.Count, settings.Inventory.Services.Count,
            settings.Inventory.Replicas.Count);
    }

    private async Task ApplyAsync(InventoryReplica replica, CancellationToken cancellationToken)
    {
        var known = await stores.Replicas.FindAsync(replica.Service, replica.Id, cancellationToken);
        var outcome = await stores.Replicas.PutAsync(
            replica.Service, replica.Id, replica.ToRequest(known?.State ?? ReplicaState.Serving), cancellationToken);
        var reason = outcome switch
        {
            PutReplica.UnknownService => $"its service '{replica.Service}' is not declared",
            PutReplica.UnknownSite => $"its site '{replica.Site}' is not declared",
            PutReplica.UnknownDomains { Names: var names } =>
                $"its site '{replica.Site}' declares no failure domain {string.Join(", ", names)}",
            PutReplica.OfAnotherService { Service: var other } => $"it belongs to service '{other}' already",
            _ => null,
        };
        if (reason is not null)
        {
            throw new InvalidOperationException(
                $"Configuration section {InventoryOptions.Section}: replica '{replica.Id}' cannot be applied, "
                + $"because {reason}.");
        }
    }

    [LoggerMessage(2100, LogLevel.Information,
        "The inventory is applied: {Sites} sites, {Services} services, {Replicas} replicas.")]
    private partial void LogApplied(int sites, int services, int replicas);

    [LoggerMessage(2101, LogLevel.Warning, "The inventory could not be applied yet and is tried again: {Reason}")]
    private partial void LogNotApplied(string reason);
}

/// <summary>The stores that an inventory goes to.</summary>
internal sealed record InventoryStores(KeyStore Keys, SiteStore Sites, ServiceStore Services, ReplicaStore Replicas);
