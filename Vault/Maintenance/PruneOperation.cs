using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;

namespace Continuity.Vault.Maintenance;

/// <summary>Frees the space of chunks that no snapshot needs, in two phases: mark, and delete after a time of
/// grace.</summary>
/// <remarks>Backups and restores run meanwhile. No phase needs an exclusive lock, and a prune that died is completed by
/// the next; the format document's section 8 says why that is safe.</remarks>
public static class PruneOperation
{
    private static readonly TimeSpan RemainsAge = TimeSpan.FromHours(24);

    /// <summary>Marks what is unused, and deletes what was marked and is due.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the prune; a later one goes on.</param>
    /// <returns>What was found and done.</returns>
    /// <exception cref="PruneRunningException">Another prune is running.</exception>
    /// <exception cref="CorruptBlobException">A snapshot, manifest or index is damaged: nothing is deleted.</exception>
    /// <exception cref="MissingChunkException">A snapshot needs what isn't there: nothing is deleted.</exception>
    public static async Task<PruneResult> RunAsync(
        Repository repository, PruneOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(options);
        var store = repository.Store;
        await using var session = await Session.BeginAsync(
            store, SessionKind.Prune, repository.Time, cancellationToken);
        var sessions = await SessionList.ReadAsync(store, session, cancellationToken);
        if (await sessions.FindPruneAsync(store, cancellationToken) is { } owner)
        {
            throw new PruneRunningException(owner);
        }

        var plan = await PrunePlan.MakeAsync(repository, options, cancellationToken);
        var result = new PruneResult(
            plan.UsedBytes, plan.UnusedBytes, plan.Unused.Count, plan.Rewritten.Count, 0, 0, 0, 0);
        if (options.DryRun)
        {
            return result;
        }

        if (plan.Rewritten.Count > 0)
        {
            await RewriteAsync(repository, plan, cancellationToken);
        }

        var marked = plan.ToMark;
        if (marked.Count > 0)
        {
            await PackMarks.WriteAsync(store, marked, session, cancellationToken);
        }

        var deletion = new PackDeletion(repository, session);
        await deletion.RunAsync(options.Grace, cancellationToken);
        await RemoveRemainsAsync(store, sessions, cancellationToken);
        return result with
        {
            MarkedPacks = marked.Count,
            DeletedPacks = deletion.Packs,
            DeletedBytes = deletion.Bytes,
            WaitsFor = deletion.WaitsFor,
        };
    }

    private static async Task RewriteAsync(Repository repository, PrunePlan plan, CancellationToken cancellationToken)
    {
        await using var packs = new PackWriter(repository.Store, plan.Index, repository.Config);
        using (var rewriter = new PackRewriter(repository.Store, packs))
        {
            await Task.Factory.StartNew(
                () =>
                {
                    foreach (var pack in plan.Rewritten)
                    {
                        rewriter.Move(pack, entry => plan.IsUsedIn(pack.Id, entry.Id), cancellationToken);
                    }
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        await packs.CompleteAsync(cancellationToken);
    }

    private static async Task RemoveRemainsAsync(
        SealedStore store, SessionList sessions, CancellationToken cancellationToken)
    {
        foreach (var name in sessions.ExpiredNames)
        {
            await store.Blobs.DeleteAsync(name, cancellationToken);
        }

        await store.Blobs.RemoveAbandonedAsync(RemainsAge, cancellationToken);
    }
}
