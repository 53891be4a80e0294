using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Repositories;

/// <summary>The commit point of whatever makes snapshots.</summary>
internal static class SnapshotCommit
{
    /// <summary>Puts a snapshot, unless what it relies on is being deleted.</summary>
    public static async Task<BlobId> RunAsync(
        Repository repository, Session session, LoadedIndex loaded, SnapshotRecord record,
        CancellationToken cancellationToken)
    {
        // A fresh sign of life first, then the look: a prune that announces itself after the look sees the sign of
        // life.
        await session.RenewAsync(cancellationToken);
        if (repository.CanRead)
        {
            var doomed = await IndexLoader.ReadDoomedAsync(repository.Store, _ => { }, cancellationToken);
            if (doomed.Entombed.Any(loaded.Index.ReliesOn) || (doomed.IsUncertain && loaded.Index.ReliesOnAny))
            {
                throw new PrunedMeanwhileException();
            }
        }

        return await SnapshotStore.WriteAsync(repository.Store, record, cancellationToken);
    }
}
