using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;
using Aspire.Hosting.Infrastructure;
using Aspire.Hosting.Logs;

namespace Aspire.Hosting.Running;

/// <summary>What the supervisors of one stack share.</summary>
internal sealed class StackContext(
    ProcessHost host, StateFolder state, LaunchPlanner planner, KnownImages images, StateBoard board)
    : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceLog> _logs = new(StringComparer.Ordinal);
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });

    public ProcessHost Host { get; } = host;

    public StateBoard Board { get; } = board;

    public LaunchPlanner Planner { get; } = planner;

    public TimeProvider Time => Host.Time;

    public ResourceLog LogOf(string resourceName)
    {
        lock (_lock)
        {
            if (!_logs.TryGetValue(resourceName, out var log))
            {
                _logs[resourceName] = log = new ResourceLog(state.Logs, resourceName, Time);
            }

            return log;
        }
    }

    public IReadOnlyList<IHealthCheck> ChecksOf(IResource resource, Instance instance)
    {
        var checks = new List<IHealthCheck>();
        if (resource is ContainerResource container
            && images.ProgramOf(container).HealthCheck(container, instance) is { } own)
        {
            checks.Add(own);
        }

        foreach (var annotation in resource.Annotations.OfType<HttpHealthCheckAnnotation>())
        {
            var name = annotation.EndpointName ?? instance.TargetPorts.Keys.FirstOrDefault() ?? "";
            if (!instance.TargetPorts.TryGetValue(name, out var port))
            {
                throw new DistributedApplicationException(
                    $"Resource '{resource.Name}' has a health check on endpoint '{name}', which it does not have.");
            }

            var key = $"{resource.Name}_{name}_{annotation.Path}_{annotation.StatusCode}_check";
            var address = new Uri($"http://127.0.0.1:{port}{annotation.Path}");
            checks.Add(new HttpCheck(_client, key, address, annotation.StatusCode));
        }

        return checks;
    }

    public void Dispose()
    {
        _client.Dispose();
        foreach (var log in _logs.Values)
        {
            log.Dispose();
        }
    }
}
