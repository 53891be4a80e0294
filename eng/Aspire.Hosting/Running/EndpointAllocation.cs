using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Network;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>
/// The ports of one resource: a proxy on each stable port, or the stable port itself where none is wanted.
/// </summary>
internal sealed class EndpointAllocation : IAsyncDisposable
{
    private readonly IResource _resource;
    private readonly Dictionary<string, EndpointProxy> _proxies = new(StringComparer.Ordinal);

    private EndpointAllocation(IResource resource) => _resource = resource;

    public IEnumerable<EndpointAnnotation> Endpoints => _resource.Annotations.OfType<EndpointAnnotation>();

    /// <value>Replicas share an address only through a proxy.</value>
    public bool AllowsReplicas => Endpoints.All(endpoint => _proxies.ContainsKey(endpoint.Name));

    public static EndpointAllocation Allocate(IResource resource, IConfiguration configuration, TimeProvider time)
    {
        var allocation = new EndpointAllocation(resource);
        foreach (var endpoint in allocation.Endpoints)
        {
            var listener = LoopbackListener.TryOpen(endpoint.Port)
                ?? throw new DistributedApplicationException(PortInUse(resource, endpoint, configuration));
            endpoint.AllocatedPort = listener.Port;
            // A server in a container's place keeps its port to itself: its address must be the one that it announces.
            if (endpoint.IsProxied && resource is not ContainerResource)
            {
                allocation._proxies[endpoint.Name] = new EndpointProxy(listener, time);
            }
            else
            {
                listener.Dispose();
            }
        }

        return allocation;
    }

    public IReadOnlyDictionary<string, int> NewTargetPorts() => Endpoints.ToDictionary(
        endpoint => endpoint.Name,
        endpoint => _proxies.ContainsKey(endpoint.Name)
            ? endpoint.TargetPort ?? LoopbackListener.FreePort()
            : endpoint.AllocatedPort ?? throw new InvalidOperationException($"{endpoint.Name} has no port."));

    public void Open(Instance instance)
    {
        foreach (var (name, proxy) in _proxies)
        {
            proxy.Add(instance.TargetPorts[name]);
        }
    }

    public void Close(Instance instance)
    {
        foreach (var (name, proxy) in _proxies)
        {
            proxy.Remove(instance.TargetPorts[name]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies.Values)
        {
            await proxy.DisposeAsync();
        }
    }

    private static string PortInUse(IResource resource, EndpointAnnotation endpoint, IConfiguration configuration)
    {
        // A setting may be the first of several consecutive ports: the nearest one below is meant.
        var setting = configuration.GetSection("Ports").GetChildren()
            .Select(child => (child.Key, Port: int.TryParse(child.Value, out var port) ? port : int.MaxValue))
            .Where(candidate => candidate.Port <= endpoint.Port)
            .OrderByDescending(candidate => candidate.Port)
            .Select(candidate => $"; free it, or choose another with --Ports:{candidate.Key}=N")
            .FirstOrDefault("; free it");
        return $"Port {endpoint.Port}, which resource '{resource.Name}' needs (endpoint {endpoint.Name}), "
            + $"is in use{setting}.";
    }
}
