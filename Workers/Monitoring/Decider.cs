using Continuity.Contracts.Services;

namespace Continuity.Workers.Monitoring;

/// <summary>Stores verdicts, of all monitors the one that holds the lease.</summary>
internal sealed class Decider(DeciderLease lease, VerdictWriter writer)
{
    public async Task DecideAsync(IReadOnlyList<Replica> replicas, CancellationToken cancellationToken)
    {
        if (await lease.HoldAsync(cancellationToken))
        {
            await writer.WriteAsync(replicas, () => lease.IsHeld, cancellationToken);
        }
    }

    public Task ReleaseAsync() => lease.ReleaseAsync();
}
