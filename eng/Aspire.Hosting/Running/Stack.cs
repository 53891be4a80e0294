using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>All supervisors of one application.</summary>
internal sealed class Stack : IAsyncDisposable
{
    private readonly List<IResourceSupervisor> _supervisors = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _bringingUp = [];

    public Stack(StackContext context) => Context = context;

    public StackContext Context { get; }

    /// <summary>Takes all ports and makes all replicas known; nothing runs yet.</summary>
    public void Declare(IEnumerable<IResource> resources, IConfiguration configuration)
    {
        foreach (var resource in resources)
        {
            switch (resource)
            {
                case ParameterResource:
                    break;
                case PostgresDatabaseResource database:
                    var databaseSupervisor = new DatabaseSupervisor(database, Context);
                    _supervisors.Add(databaseSupervisor);
                    databaseSupervisor.Declare();
                    break;
                default:
                    var endpoints = EndpointAllocation.Allocate(resource, configuration, Context.Time);
                    var supervisor = new ProcessSupervisor(resource, endpoints, Context);
                    _supervisors.Add(supervisor);
                    supervisor.Declare();
                    break;
            }
        }
    }

    public void BringUp() => _bringingUp.AddRange(_supervisors.Select(supervisor =>
        Task.Run(() => supervisor.BringUpAsync(_stopping.Token))));

    /// <exception cref="DistributedApplicationException">There is no such resource.</exception>
    public IResourceSupervisor Find(string name) =>
        _supervisors.FirstOrDefault(supervisor => supervisor.Resource.Name == name)
        ?? throw new DistributedApplicationException(
            $"There is no resource '{name}'; there are "
            + $"{string.Join(", ", _supervisors.Select(own => own.Resource.Name))}.");

    /// <summary>Waits until every replica that starts by itself is up and healthy.</summary>
    /// <returns>Null, or what keeps the stack from being healthy.</returns>
    public async Task<string?> WaitUntilHealthyAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, Context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await Context.Board.UntilAsync(() => AllReady() || FirstFailure() is not null, either.Token);
            return FirstFailure();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var late = Expected().Where(snapshot => !snapshot.IsReady)
                .Select(snapshot => $"{snapshot.Resource.Name} ({snapshot.HealthReason ?? snapshot.State})");
            return $"not healthy within {limit.TotalSeconds:F0} s: {string.Join("; ", late)}";
        }
    }

    /// <summary>Those that use others first, servers last.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_bringingUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var running = _supervisors.OfType<ProcessSupervisor>().ToList();
        await Task.WhenAll(running.Where(own => own.Resource is not ContainerResource).Select(own => own.StopAsync()));
        await Task.WhenAll(running.Where(own => own.Resource is ContainerResource).Select(own => own.StopAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var supervisor in _supervisors)
        {
            await supervisor.DisposeAsync();
        }

        _stopping.Dispose();
        Context.Dispose();
    }

    private IEnumerable<InstanceSnapshot> Expected() => Context.Board.Current
        .Where(snapshot => !snapshot.Resource.Annotations.OfType<ExplicitStartAnnotation>().Any());

    private bool AllReady() => Expected().All(snapshot =>
        snapshot.IsReady || (snapshot.State == KnownResourceStates.Finished && !snapshot.HasHealthCheck));

    // A task may finish; a server, which has a health check, may not.
    private string? FirstFailure() => Expected().Select(snapshot => snapshot.State switch
    {
        KnownResourceStates.FailedToStart => $"{snapshot.Resource.Name} failed to start: {snapshot.Reason}",
        KnownResourceStates.Exited => $"{snapshot.Resource.Name} ended with exit code {snapshot.ExitCode}",
        KnownResourceStates.Finished when snapshot.HasHealthCheck => $"{snapshot.Resource.Name} ended",
        _ => null,
    }).FirstOrDefault(problem => problem is not null);
}
