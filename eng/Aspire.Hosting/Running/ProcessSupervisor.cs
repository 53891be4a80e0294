using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;

namespace Aspire.Hosting.Running;

/// <summary>Runs the replicas of one resource. A replica that ends stays ended until somebody starts it.</summary>
internal sealed class ProcessSupervisor(IResource resource, EndpointAllocation endpoints, StackContext context)
    : IResourceSupervisor
{
    private const int MaxReplicas = 50;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly List<Instance> _instances = [];

    public IResource Resource => resource;

    private string Kind => resource switch
    {
        ProjectResource => "Project",
        ContainerResource => "Container",
        _ => "Executable",
    };

    /// <summary>Makes the replicas known, with their ports, before anything starts.</summary>
    public void Declare()
    {
        var replicas = resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
        CheckReplicas(replicas);
        for (var index = 0; index < replicas; index++)
        {
            AddInstance();
        }
    }

    public async Task BringUpAsync(CancellationToken cancellationToken)
    {
        if (resource.Annotations.OfType<ExplicitStartAnnotation>().Any())
        {
            return;
        }

        Tell(snapshot => snapshot with { State = KnownResourceStates.Waiting });
        try
        {
            await WaitCondition.WaitAsync(resource, context.Board, cancellationToken);
        }
        catch (DistributedApplicationException exception)
        {
            Tell(snapshot => Failed(snapshot, exception.Message));
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Somebody may have stopped or started it meanwhile: their word counts.
            foreach (var instance in _instances.Where(own => StateOf(own) == KnownResourceStates.Waiting))
            {
                await StartInstanceAsync(instance, cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            foreach (var instance in _instances.Where(own => own.Process is null or { Exited.IsCompleted: true }))
            {
                await StartInstanceAsync(instance, cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task StopAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            await Task.WhenAll(_instances.Select(StopInstanceAsync));
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task ScaleAsync(int replicas, CancellationToken cancellationToken)
    {
        CheckReplicas(replicas);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            while (_instances.Count > replicas)
            {
                var last = _instances[^1];
                await StopInstanceAsync(last);
                _instances.Remove(last);
                context.Board.Remove(last.Id);
            }

            while (_instances.Count < replicas)
            {
                await StartInstanceAsync(AddInstance(), cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await endpoints.DisposeAsync();
        _gate.Dispose();
    }

    private static InstanceSnapshot Failed(InstanceSnapshot snapshot, string reason) =>
        snapshot with { State = KnownResourceStates.FailedToStart, Reason = reason };

    private void CheckReplicas(int replicas)
    {
        if (replicas is < 0 or > MaxReplicas)
        {
            throw new DistributedApplicationException(
                $"Resource '{resource.Name}' can have 0 to {MaxReplicas} replicas, not {replicas}.");
        }

        if (replicas > 1 && (resource is ContainerResource || !endpoints.AllowsReplicas))
        {
            throw new DistributedApplicationException(
                $"Resource '{resource.Name}' cannot have {replicas} replicas: "
                + "its port is its own, with no proxy before it.");
        }
    }

    private Instance AddInstance()
    {
        var instance = new Instance(resource.Name, endpoints.NewTargetPorts());
        _instances.Add(instance);
        context.Board.Put(new InstanceSnapshot(instance.Id, resource, Kind)
        {
            CreatedAt = context.Time.GetUtcNow(),
            HasHealthCheck = context.ChecksOf(resource, instance).Count > 0,
            Addresses =
            [
                .. endpoints.Endpoints.Select(endpoint => new EndpointAddress(
                    endpoint.Name,
                    endpoint.UriScheme,
                    endpoint.AllocatedPort ?? 0,
                    instance.TargetPorts[endpoint.Name])),
            ],
        });
        return instance;
    }

    private async Task StartInstanceAsync(Instance instance, CancellationToken cancellationToken)
    {
        await instance.Supervising;
        context.Board.Update(instance.Id, snapshot => snapshot with
        {
            State = KnownResourceStates.Starting,
            ExitCode = null,
            Reason = null,
            Health = null,
            HealthReason = null,
            StoppedAt = null,
        });
        var log = context.LogOf(resource.Name);
        try
        {
            var spec = await context.Planner.PlanAsync(resource, instance, cancellationToken);
            instance.Process?.Dispose();
            instance.Process = ManagedProcess.Start(context.Host, spec, log.For(instance.Id));
            log.WriteSystem($"{instance.Id} started as process {instance.Process.Id}");
            var started = context.Time.GetUtcNow();
            context.Board.Update(instance.Id, snapshot => snapshot with
            {
                State = KnownResourceStates.Running,
                ProcessId = instance.Process.Id,
                StartedAt = started,
                Launch = spec,
            });
            endpoints.Open(instance);
            instance.Supervising = SuperviseAsync(instance, instance.Process);
        }
        catch (DistributedApplicationException exception)
        {
            log.WriteSystem($"{instance.Id} failed to start: {exception.Message}");
            context.Board.Update(instance.Id, snapshot => Failed(snapshot, exception.Message));
        }
    }

    private async Task SuperviseAsync(Instance instance, ManagedProcess process)
    {
        using var ended = new CancellationTokenSource();
        var health = HealthLoop.RunAsync(
            context.ChecksOf(resource, instance), result => Report(instance, result), context.Time, ended.Token);

        var code = await process.Exited;

        endpoints.Close(instance);
        await ended.CancelAsync();
        await health.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.LogOf(resource.Name).WriteSystem($"{instance.Id} ended with exit code {code}");
        var stopped = context.Time.GetUtcNow();
        context.Board.Update(instance.Id, snapshot => snapshot with
        {
            State = code == 0 || snapshot.State == KnownResourceStates.Stopping
                ? KnownResourceStates.Finished
                : KnownResourceStates.Exited,
            Reason = snapshot.State == KnownResourceStates.Stopping ? "stopped" : null,
            ExitCode = code,
            ProcessId = null,
            Health = null,
            HealthReason = null,
            StoppedAt = stopped,
        });
    }

    private void Report(Instance instance, HealthResult result)
    {
        var now = context.Time.GetUtcNow();
        context.Board.Update(instance.Id, snapshot =>
        {
            var health = result.IsHealthy ? HealthState.Healthy : HealthState.Unhealthy;
            return !snapshot.HasHealthCheck || (snapshot.Health == health && snapshot.HealthReason == result.Problem)
                ? snapshot
                : snapshot with { Health = health, HealthReason = result.Problem, CheckedAt = now };
        });
    }

    private async Task StopInstanceAsync(Instance instance)
    {
        if (instance.Process is null or { Exited.IsCompleted: true })
        {
            context.Board.Update(instance.Id, snapshot => snapshot.IsTerminal
                ? snapshot
                : snapshot with { State = KnownResourceStates.Finished, Reason = "stopped" });
            return;
        }

        context.Board.Update(instance.Id, snapshot => snapshot with { State = KnownResourceStates.Stopping });
        await instance.Process.StopAsync();
        await instance.Supervising;
    }

    private string? StateOf(Instance instance) =>
        context.Board.Current.FirstOrDefault(snapshot => snapshot.Id == instance.Id)?.State;

    private void Tell(Func<InstanceSnapshot, InstanceSnapshot> change) =>
        _instances.ForEach(instance => context.Board.Update(instance.Id, change));
}
