using System.Collections.Frozen;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Authentication;

namespace Continuity.Gateway.Routing;

/// <summary>A snapshot made ready for requests: immutable, swapped whole, so that readers never wait.</summary>
internal sealed class RoutingTable
{
    private readonly FrozenDictionary<string, ModelRoute> _models;
    private readonly FrozenDictionary<string, ModelRoute>.AlternateLookup<ReadOnlySpan<char>> _modelsByText;

    private RoutingTable(RoutingSnapshot snapshot, ServicePool[] services)
    {
        Snapshot = snapshot;
        Services = services;
        Keys = new KeyTable(snapshot.Keys);
        _models = Names(services).ToFrozenDictionary(model => model.Name, StringComparer.Ordinal);
        _modelsByText = _models.GetAlternateLookup<ReadOnlySpan<char>>();
        Tenants = snapshot.Tenants.ToFrozenDictionary(tenant => tenant.Name, StringComparer.Ordinal);
    }

    public RoutingSnapshot Snapshot { get; }

    public ServicePool[] Services { get; }

    public KeyTable Keys { get; }

    public FrozenDictionary<string, TenantRoute> Tenants { get; }

    public IEnumerable<ModelRoute> Models => _models.Values;

    public ModelRoute? FindModel(ReadOnlySpan<char> name) =>
        _modelsByText.TryGetValue(name, out var model) ? model : null;

    /// <summary>Builds the table of a valid snapshot, keeping what is known of servers that stay.</summary>
    public static RoutingTable Build(RoutingSnapshot snapshot, RoutingTable? before, Clock clock)
    {
        var known = (before?.Services ?? [])
            .SelectMany(service => service.Replicas)
            .ToDictionary(replica => replica.Id, StringComparer.Ordinal);
        var states = (before?.Services ?? []).ToDictionary(
            pool => pool.Name, pool => pool.State, StringComparer.Ordinal);
        var sites = snapshot.Sites.ToArray();
        return new RoutingTable(
            snapshot,
            [
                .. snapshot.Services.Select(service => new ServicePool(
                    service,
                    [.. service.Replicas.Select(route => Take(route, known, clock))],
                    states.GetValueOrDefault(service.Name) ?? new ServiceState(clock),
                    sites)),
            ]);
    }

    private static Replica Take(ReplicaRoute route, Dictionary<string, Replica> known, Clock clock)
    {
        if (!known.TryGetValue(route.Id, out var replica) || !replica.IsSameServer(route))
        {
            return new Replica(route, clock);
        }

        replica.Route = route;
        return replica;
    }

    // A service's own name wins over an adapter of the same name.
    private static Dictionary<string, ModelRoute>.ValueCollection Names(ServicePool[] services)
    {
        var names = new Dictionary<string, ModelRoute>(StringComparer.Ordinal);
        foreach (var pool in services)
        {
            names[pool.Name] = new ModelRoute(pool.Name, pool, Adapter: null);
        }

        foreach (var pool in services)
        {
            foreach (var adapter in pool.Replicas.SelectMany(replica => replica.Route.Adapters))
            {
                names.TryAdd(adapter, new ModelRoute(adapter, pool, adapter));
            }
        }

        return names.Values;
    }
}

/// <summary>A name that clients may ask for: a service, or an adapter that some of a service's replicas have.</summary>
internal sealed record ModelRoute(string Name, ServicePool Pool, string? Adapter);
