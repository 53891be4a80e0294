using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Maintenance;

/// <summary>The second phase of prune: deletes the packs of marks that are due.</summary>
internal sealed class PackDeletion(Repository repository, Session session)
{
    private static readonly TimeSpan TombstoneAge = TimeSpan.FromDays(7);

    private readonly SealedStore _store = repository.Store;

    public int Packs { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Sessions that a deletion waits for.</summary>
    public int WaitsFor { get; private set; }

    public async Task RunAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        foreach (var mark in await PackMarks.ReadAllAsync(_store, session, cancellationToken))
        {
            var sessions = await SessionList.ReadAsync(_store, session, cancellationToken);
            if (IsDue(mark, sessions, grace))
            {
                await DeleteAsync(mark, cancellationToken);
            }
        }

        await RemoveOldTombstonesAsync(cancellationToken);
    }

    private bool IsDue(PackMark mark, SessionList sessions, TimeSpan grace)
    {
        var alive = mark.Sessions.Count(sessions.IsAlive);
        WaitsFor = Math.Max(WaitsFor, alive);
        return alive == 0 && sessions.Now - mark.WitnessedAt >= grace;
    }

    private async Task DeleteAsync(PackMark mark, CancellationToken cancellationToken)
    {
        var announced = await EntombAsync(mark.Packs, cancellationToken);
        var sessions = await SessionList.ReadAsync(_store, session, cancellationToken);
        if (Array.Exists(mark.Sessions, sessions.IsAlive))
        {
            // One that had expired came back between the two looks: it may rely on these packs.
            await _store.Blobs.DeleteAsync(BlobNames.Tombstone(announced), cancellationToken);
            return;
        }

        var snapshots = await SnapshotStore.ReadAllAsync(_store, null, cancellationToken);
        var loaded = await IndexLoader.LoadAsync(_store, null, cancellationToken);
        var reachability = await Task.Run(
            () => Reachability.Compute(repository, snapshots, loaded.Index, cancellationToken), cancellationToken);
        bool IsUnused(BlobId pack) =>
            !loaded.Index.Packs.TryGetNumber(pack, out var number) || reachability.UsedBytesOf(number) == 0;
        var unused = mark.Packs.Where(IsUnused).ToHashSet();
        if (unused.Count < mark.Packs.Length)
        {
            if (unused.Count > 0)
            {
                await EntombAsync(unused, cancellationToken);
            }

            await _store.Blobs.DeleteAsync(BlobNames.Tombstone(announced), cancellationToken);
        }

        await IndexRewriter.RemoveAsync(_store, loaded.Blobs, unused, cancellationToken);
        await DeletePacksAsync(unused, cancellationToken);
        await _store.Blobs.DeleteAsync(BlobNames.Mark(mark.Id), cancellationToken);
        await _store.Blobs.DeleteAsync(BlobNames.MarkSessions(mark.Id), cancellationToken);
    }

    private async Task<BlobId> EntombAsync(IReadOnlyCollection<BlobId> packs, CancellationToken cancellationToken)
    {
        var id = BlobId.NewRandom();
        await _store.WriteAsync(
            BlobNames.Tombstone(id), BlobKind.Tombstone, id, PackList.Write(packs), cancellationToken);
        return id;
    }

    private async Task DeletePacksAsync(HashSet<BlobId> packs, CancellationToken cancellationToken)
    {
        foreach (var pack in packs)
        {
            if (await _store.Blobs.StatAsync(BlobNames.Pack(pack), cancellationToken) is { } info)
            {
                await _store.Blobs.DeleteAsync(info.Name, cancellationToken);
                Packs++;
                Bytes += info.Length;
            }

            await _store.Blobs.DeleteAsync(BlobNames.Parity(pack), cancellationToken);
        }
    }

    // Readers with an older index have ended by then, and no index names the packs any more.
    private async Task RemoveOldTombstonesAsync(CancellationToken cancellationToken)
    {
        var sessions = await SessionList.ReadAsync(_store, session, cancellationToken);
        var old = new List<(string Name, BlobId Id)>();
        await foreach (var (blob, id) in _store.ListAsync(BlobNames.Tombstones, cancellationToken))
        {
            if (sessions.Now - blob.Modified >= TombstoneAge)
            {
                old.Add((blob.Name, id));
            }
        }

        if (old.Count == 0)
        {
            return;
        }

        var loaded = await IndexLoader.LoadAsync(_store, null, cancellationToken);
        foreach (var (name, id) in old)
        {
            var content = await _store.TryReadAsync(name, BlobKind.Tombstone, id, cancellationToken);
            var packs = PackList.Read(content, name).ToHashSet();
            var named = packs.Where(pack => loaded.Index.Packs.TryGetNumber(pack, out _)).ToHashSet();
            if (named.Count == 0)
            {
                await _store.Blobs.DeleteAsync(name, cancellationToken);
            }
            else
            {
                await IndexRewriter.RemoveAsync(_store, loaded.Blobs, named, cancellationToken);
            }
        }
    }
}
