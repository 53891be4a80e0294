using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Infrastructure;

namespace Aspire.Hosting.Running;

/// <summary>
/// A database has no process of its own: it is created once its server is ready, and is as ready as that.
/// </summary>
internal sealed class DatabaseSupervisor(PostgresDatabaseResource database, StackContext context) : IResourceSupervisor
{
    private static readonly TimeSpan RetryStep = TimeSpan.FromSeconds(1);

    public IResource Resource => database;

    public void Declare() => context.Board.Put(new InstanceSnapshot(database.Name, database, "PostgresDatabaseResource")
    {
        CreatedAt = context.Time.GetUtcNow(),
        HasHealthCheck = true,
    });

    public async Task BringUpAsync(CancellationToken cancellationToken)
    {
        Set(snapshot => snapshot with { State = KnownResourceStates.Waiting });
        await context.Board.UntilAsync(IsServerReady, cancellationToken);
        while (!await TryCreateAsync(cancellationToken))
        {
            await Task.Delay(RetryStep, context.Time, cancellationToken);
        }

        await FollowServerAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => throw Refused();

    public Task StopAsync() => throw Refused();

    public Task ScaleAsync(int replicas, CancellationToken cancellationToken) => throw Refused();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<bool> TryCreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PostgresProgram.CreateDatabaseAsync(database, cancellationToken);
            return true;
        }
        catch (DistributedApplicationException exception)
        {
            Set(snapshot => snapshot with { Health = HealthState.Unhealthy, HealthReason = exception.Message });
            return false;
        }
    }

    private async Task FollowServerAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in context.Board.FollowAsync(cancellationToken))
        {
            if (change.Snapshot.Resource == database.Parent)
            {
                var isReady = IsServerReady();
                var reason = isReady ? null : $"server '{database.Parent.Name}' is not ready";
                Set(snapshot => snapshot with
                {
                    State = KnownResourceStates.Running,
                    Health = isReady ? HealthState.Healthy : HealthState.Unhealthy,
                    HealthReason = reason,
                });
            }
        }
    }

    private bool IsServerReady() => context.Board.Of(database.Parent.Name).All(snapshot => snapshot.IsReady);

    private void Set(Func<InstanceSnapshot, InstanceSnapshot> change) => context.Board.Update(database.Name, change);

    private DistributedApplicationException Refused() =>
        new($"'{database.Name}' is a database of '{database.Parent.Name}': start and stop that.");
}
