using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Maintenance;

/// <summary>What a copy did.</summary>
/// <param name="Snapshots">The new snapshots' ids, in the order of the old ones.</param>
/// <param name="Present">Snapshots that the other repository had already; by their ids here.</param>
/// <param name="Chunks">Chunks that the other repository didn't have.</param>
/// <param name="StoredBytes">Bytes written there.</param>
public sealed record CopyResult(
    IReadOnlyList<BlobId> Snapshots, IReadOnlyList<BlobId> Present, long Chunks, long StoredBytes);

/// <summary>How far a copy is.</summary>
/// <param name="Snapshots">Snapshots gone through.</param>
/// <param name="TotalSnapshots">Snapshots to go through.</param>
/// <param name="Bytes">Bytes of content looked at so far; content that several files share counts once.</param>
public readonly record struct CopyProgress(int Snapshots, int TotalSnapshots, long Bytes);

/// <summary>Copies snapshots into another repository, which has other keys.</summary>
/// <remarks>Chunks keep their encoded form: they are decoded once, for their id under the other repository's key and as
/// a check, and not encoded again. Memory grows by 100 bytes for each chunk copied.</remarks>
public static class CopyOperation
{
    /// <summary>Copies.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="target">Where to.</param>
    /// <param name="names">Snapshots: `latest`, ids, or beginnings of ids; empty for all.</param>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="cancellationToken">Ends the copy; repeated, it finds what it copied.</param>
    /// <returns>What was done. A snapshot that is in the other repository (the same time, machine and roots) isn't
    /// copied again.</returns>
    public static async Task<CopyResult> RunAsync(
        Repository source, Repository target, IReadOnlyList<string> names, IProgress<CopyProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(names);
        await using var session = await Session.BeginAsync(
            target.Store, SessionKind.Write, target.Time, cancellationToken);
        var all = await SnapshotStore.ReadAllAsync(source.Store, null, cancellationToken);
        var chosen = names.Count == 0 ? all : [.. names.Select(name => SnapshotStore.Find(all, name))];
        var present = (await SnapshotStore.ReadAllAsync(target.Store, _ => { }, cancellationToken))
            .Select(Origin).ToHashSet();
        var missing = chosen.Where(snapshot => !present.Contains(Origin(snapshot))).ToList();
        var from = await IndexLoader.LoadAsync(source.Store, null, cancellationToken);
        var to = await IndexLoader.LoadAsync(target.Store, null, cancellationToken);
        await using var packs = new PackWriter(target.Store, to.Index, target.Config);
        using var copier = new ChunkCopier(source.Store, from.Index, target.Store, to.Index, packs);
        var records = await Task.Factory.StartNew(
            () => CopyTrees(copier, missing, progress, cancellationToken),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await packs.CompleteAsync(cancellationToken);
        var copied = new List<BlobId>();
        foreach (var record in records)
        {
            copied.Add(await SnapshotCommit.RunAsync(target, session, to, record, cancellationToken));
        }

        return new CopyResult(
            copied, [.. chosen.Except(missing).Select(snapshot => snapshot.Id)], copier.Chunks, packs.StoredBytes);
    }

    // A copy keeps the moment, to the nanosecond, at which its backup began.
    private static (long Time, string Host, string Roots) Origin(SnapshotInfo snapshot) =>
        (snapshot.Record.Time, snapshot.Host, string.Join('\0', snapshot.Roots));

    private static List<SnapshotRecord> CopyTrees(
        ChunkCopier copier, List<SnapshotInfo> snapshots, IProgress<CopyProgress>? progress,
        CancellationToken cancellationToken)
    {
        var records = new List<SnapshotRecord>();
        foreach (var snapshot in snapshots)
        {
            records.Add(copier.CopyTree(
                snapshot,
                bytes => progress?.Report(new CopyProgress(records.Count, snapshots.Count, bytes)),
                cancellationToken));
        }

        return records;
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
    private readonly ChunkChecker? _checker = ChunkChecker.Create(target.Keys);
    private readonly Dictionary<ChunkId, CopiedChunk> _copied = [];
    private readonly byte[] _raw = new byte[FormatLimits.ChunkBytes];
    private readonly byte[] _payload = new byte[FormatLimits.ChunkBytes + FormatLimits.PayloadSlackBytes];

    public long Chunks { get; private set; }

    /// <summary>Bytes of the chunks that were looked at.</summary>
    public long Bytes { get; private set; }

    public SnapshotRecord CopyTree(
        SnapshotInfo snapshot, Action<long> onProgress, CancellationToken cancellationToken)
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
                .Select(extent => CopyExtent(extent, cancellationToken))
                .ToArray();
            onProgress(Bytes);
            if (builder.Add(entry with { Extents = extents }))
            {
                Store();
            }
        }

        if (!builder.IsEmpty)
        {
            Store();
        }

        return snapshot.Record with
        {
            Manifest = chunks, Parent = null, IsCopyOfWriterKey = snapshot.IsByWriterKey,
        };
    }

    public void Dispose()
    {
        _fetcher.Dispose();
        _storer.Dispose();
        _checker?.Dispose();
    }

    private Extent CopyExtent(Extent extent, CancellationToken cancellationToken)
    {
        if (extent.IsHole)
        {
            return extent;
        }

        // The other repository has keys of its own: ids and checks are computed anew.
        var copied = Copy(extent.Chunk, cancellationToken);
        return extent with
        {
            Chunk = copied.Id,
            Check = extent.Kind == ExtentKind.WholeChunk ? copied.Check : null,
        };
    }

    /// <summary>Copies a chunk, and first what it is encoded against.</summary>
    private CopiedChunk Copy(ChunkId id, CancellationToken cancellationToken)
    {
        if (!_copied.TryGetValue(id, out var copied))
        {
            copied = CopyNew(sourceIndex.Find(id), cancellationToken);
            _copied.Add(id, copied);
        }

        return copied;
    }

    private CopiedChunk CopyNew(ChunkLocation location, CancellationToken cancellationToken)
    {
        var entry = location.Entry;
        var baseCopy = entry.HasBase ? Copy(entry.BaseId, cancellationToken) : default;
        var raw = _raw.AsSpan(0, _fetcher.Read(entry.Id, _raw, cancellationToken));
        Bytes += raw.Length;
        var check = _checker?.Compute(raw);
        var id = _hasher.Hash(raw);
        if (targetIndex.TryFindPresent(id, out var present))
        {
            targetIndex.TryRely(id);
            return new CopiedChunk(id, present.Entry.Depth, check);
        }

        Chunks++;
        if (entry.HasBase && baseCopy.Depth >= entry.Depth)
        {
            // The other repository has the base as a deeper copy: the chunk is stored on its own there.
            _storer.Store(BlobKind.DataPack, raw, default, null);
            return new CopiedChunk(id, 0, check);
        }

        if (targetIndex.TryClaim(id))
        {
            _fetcher.ReadPayload(location, _payload, cancellationToken);
            packs.Append(
                BlobKind.DataPack, entry with { Id = id, BaseId = baseCopy.Id },
                _payload.AsSpan(0, entry.PayloadLength), cancellationToken);
        }

        return new CopiedChunk(id, entry.Depth, check);
    }

    /// <summary>What a chunk is in the other repository.</summary>
    private readonly record struct CopiedChunk(ChunkId Id, int Depth, ChunkCheck? Check);
}
