using Continuity.Vault.Formats;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Maintenance;

/// <summary>A decision about snapshots, before it is carried out.</summary>
/// <param name="Kept">Those that stay.</param>
/// <param name="Forgotten">Those that go.</param>
public sealed record ForgetPlan(IReadOnlyList<SnapshotInfo> Kept, IReadOnlyList<SnapshotInfo> Forgotten);

/// <summary>Drops snapshots. Their chunks stay until a prune finds that nothing refers to them.</summary>
public static class ForgetOperation
{
    /// <summary>Plans by a policy, for each source on its own; changes nothing.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="policy">What is kept.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentException">The policy keeps nothing.</exception>
    /// <exception cref="CorruptBlobException">A snapshot is damaged: without it the choice could be wrong.</exception>
    public static Task<ForgetPlan> PlanAsync(
        Repository repository, RetentionPolicy policy, CancellationToken cancellationToken) =>
        PlanAsync(repository, policy, new ForgetScope(), cancellationToken);

    /// <summary>Plans by a policy, for each source on its own; changes nothing.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="policy">What is kept.</param>
    /// <param name="scope">Which snapshots the policy is about, and what makes a source.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The plan; what the policy isn't about is in neither list.</returns>
    /// <exception cref="ArgumentException">The policy keeps nothing.</exception>
    /// <exception cref="CorruptBlobException">A snapshot is damaged: without it the choice could be wrong.</exception>
    public static async Task<ForgetPlan> PlanAsync(
        Repository repository, RetentionPolicy policy, ForgetScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(policy);
        if (!policy.KeepsAnything)
        {
            throw new ArgumentException("The policy would keep no snapshot: say what to keep.", nameof(policy));
        }

        ArgumentNullException.ThrowIfNull(scope);
        var all = await repository.ListSnapshotsAsync(cancellationToken);
        var snapshots = all.Where(scope.Includes).ToList();
        var kept = snapshots
            .GroupBy(scope.SourceOf)
            .SelectMany(group => policy.Keep(group))
            .ToHashSet();
        return new ForgetPlan(
            [.. snapshots.Where(kept.Contains)], [.. snapshots.Where(snapshot => !kept.Contains(snapshot))]);
    }

    /// <summary>Plans to drop named snapshots; changes nothing.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="names">Ids, or beginnings of ids.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="SnapshotNotFoundException">There is no such snapshot.</exception>
    public static async Task<ForgetPlan> PlanAsync(
        Repository repository, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(names);
        var snapshots = await SnapshotStore.ReadAllAsync(repository.Store, _ => { }, cancellationToken);
        var forgotten = names.Select(name => SnapshotStore.Find(snapshots, name)).ToHashSet();
        return new ForgetPlan(
            [.. snapshots.Where(snapshot => !forgotten.Contains(snapshot))], [.. snapshots.Where(forgotten.Contains)]);
    }

    /// <summary>Carries a plan out.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellationToken">Ends the call; the plan may be carried out again.</param>
    /// <returns>A task that completes when the snapshots are gone.</returns>
    public static async Task ExecuteAsync(Repository repository, ForgetPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(plan);
        foreach (var snapshot in plan.Forgotten)
        {
            await repository.Store.Blobs.DeleteAsync(BlobNames.Snapshot(snapshot.Id), cancellationToken);
        }
    }
}
