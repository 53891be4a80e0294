using System.Security.Cryptography;
using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Maintenance;

/// <summary>What a copy did.</summary>
/// <param name="Snapshots">The new snapshots' ids, in the order of the old ones.</param>
/// <param name="Chunks">Chunks that the other repository didn't have.</param>
/// <param name="StoredBytes">Bytes written there.</param>
public sealed record CopyResult(IReadOnlyList<BlobId> Snapshots, long Chunks, long StoredBytes);

/// <summary>Copies snapshots into another repository, which has other keys.</summary>
/// <remarks>Chunks keep their encoded form: they are decoded once, for their id under the other repository's key and as
/// a check, and not encoded again. Memory grows by 100 bytes for each chunk copied.</remarks>
public static class CopyOperation
{
    /// <summary>Copies.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="target">Where to.</param>
    /// <param name="names">Snapshots: `latest`, ids, or beginnings of ids; empty for all.</param>
    /// <param name="cancellationToken">Ends the copy; repeated, it finds what it copied.</param>
    /// <returns>What was done.</returns>
    public static async Task<CopyResult> RunAsync(
        Repository source, Repository target, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(names);
        await using var session = await Session.BeginAsync(
            target.Store, SessionKind.Write, target.Time, cancellationToken);
        var all = await SnapshotStore.ReadAllAsync(source.Store, null, cancellationToken);
        var chosen = names.Count == 0 ? all : [.. names.Select(name => SnapshotStore.Find(all, name))];
        var from = await IndexLoader.LoadAsync(source.Store, null, cancellationToken);
        var to = await IndexLoader.LoadAsync(target.Store, null, cancellationToken);
        await using var packs = new PackWriter(target.Store, to.Index, target.Config);
        using var copier = new ChunkCopier(source.Store, from.Index, target.Store, to.Index, packs);
        var records = await Task.Factory.StartNew(
            () => chosen.Select(snapshot => copier.CopyTree(snapshot, cancellationToken)).ToList(),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await packs.CompleteAsync(cancellationToken);
        var copied = new List<BlobId>();
        foreach (var record in records)
        {
            copied.Add(await SnapshotCommit.RunAsync(target, session, to, record, cancellationToken));
        }

        return new CopyResult(copied, copier.Chunks, packs.StoredBytes);
    }
}

/// <summary>Copies chunks and the manifests that name them.</summary>
internal sealed class ChunkCopier(
    SealedStore source, ChunkIndex sourceIndex, SealedStore target, ChunkIndex targetIndex, PackWriter packs)
    : IDisposable
{
    private readonly Backup.ChunkStorer _storer = new(
        target, targetIndex, packs, new Backup.StoreCounters(), CancellationToken.None);
    private readonly ChunkFetcher _fetcher = new(source, sourceIndex);
    private readonly ChunkHasher _hasher = new(target.Keys.ChunkIdKey);
    private readonly Dictionary<ChunkId, (ChunkId Id, int Depth)> _copied = [];
    private readonly byte[] _raw = new byte[FormatLimits.ChunkBytes];
    private readonly byte[] _payload = new byte[FormatLimits.ChunkBytes + FormatLimits.PayloadSlackBytes];

    public long Chunks { get; private set; }

    public SnapshotRecord CopyTree(SnapshotInfo snapshot, CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(_fetcher, snapshot);
        var chunks = new List<ManifestChunk>();
        var builder = new ManifestChunkBuilder();
        void Store()
        {
            var id = _storer.Store(BlobKind.ManifestPack, builder.Content, default, null);
            chunks.Add(new ManifestChunk(id, builder.Content.Length));
            builder.Clear();
        }

        foreach (var entry in reader.Read(cancellationToken))
        {
            var extents = entry.Extents
                .Select(extent => extent.IsHole
                    ? extent
                    : extent with { Chunk = Copy(extent.Chunk, cancellationToken).Id })
                .ToArray();
            if (builder.Add(entry with { Extents = extents }))
            {
                Store();
            }
        }

        if (!builder.IsEmpty)
        {
            Store();
        }

        return snapshot.Record with { Manifest = chunks, Parent = null };
    }

    public void Dispose()
    {
        _fetcher.Dispose();
        _storer.Dispose();
    }

    /// <summary>Copies a chunk, and first what it is encoded against.</summary>
    private (ChunkId Id, int Depth) Copy(ChunkId id, CancellationToken cancellationToken)
    {
        if (!_copied.TryGetValue(id, out var copied))
        {
            copied = CopyNew(sourceIndex.Find(id), cancellationToken);
            _copied.Add(id, copied);
        }

        return copied;
    }

    private (ChunkId Id, int Depth) CopyNew(ChunkLocation location, CancellationToken cancellationToken)
    {
        var entry = location.Entry;
        var baseCopy = entry.HasBase ? Copy(entry.BaseId, cancellationToken) : default;
        var raw = _raw.AsSpan(0, _fetcher.Read(entry.Id, _raw, cancellationToken));
        var id = _hasher.Hash(raw);
        if (targetIndex.TryFindPresent(id, out var present))
        {
            targetIndex.TryRely(id);
            return (id, present.Entry.Depth);
        }

        Chunks++;
        if (entry.HasBase && baseCopy.Depth >= entry.Depth)
        {
            // The other repository has the base as a deeper copy: the chunk is stored on its own there.
            _storer.Store(BlobKind.DataPack, raw, default, null);
            return (id, 0);
        }

        if (targetIndex.TryClaim(id))
        {
            _fetcher.ReadPayload(location, _payload, cancellationToken);
            Append(entry with { Id = id, BaseId = baseCopy.Id }, cancellationToken);
        }

        return (id, entry.Depth);
    }

    private void Append(PackEntry entry, CancellationToken cancellationToken)
    {
        var (pack, offset) = packs.Reserve(BlobKind.DataPack, entry, cancellationToken);
        using var cipher = new AesGcm(pack.Key, PackLayout.TagBytes);
        pack.Fill(cipher, offset, entry, _payload.AsSpan(0, entry.PayloadLength));
        packs.Release(pack);
    }
}
