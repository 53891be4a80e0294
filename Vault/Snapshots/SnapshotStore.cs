using Continuity.Vault.Crypto;
using Continuity.Vault.Formats;

namespace Continuity.Vault.Snapshots;

/// <summary>The snapshots of a repository.</summary>
internal static class SnapshotStore
{
    /// <summary>Reads all snapshots, oldest first.</summary>
    /// <param name="store">The repository's blobs.</param>
    /// <param name="onDamaged">Told of each damaged blob, which is then left out; null makes damage an error.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<List<SnapshotInfo>> ReadAllAsync(
        SealedStore store, Action<CorruptBlobException>? onDamaged, CancellationToken cancellationToken)
    {
        var snapshots = new List<SnapshotInfo>();
        await foreach (var (blob, id) in store.ListAsync(BlobNames.Snapshots, cancellationToken))
        {
            try
            {
                if (await store.TryOpenAsync(blob.Name, BlobKind.Snapshot, id, cancellationToken) is { } content)
                {
                    var record = SnapshotRecord.Read(content.Bytes, blob.Name);
                    snapshots.Add(new SnapshotInfo(id, record)
                    {
                        IsByWriterKey = content.IsByWriterKey || record.IsCopyOfWriterKey,
                    });
                }
            }
            catch (CorruptBlobException exception) when (onDamaged is not null)
            {
                onDamaged(exception);
            }
        }

        snapshots.Sort(static (left, right) =>
            left.Record.Time != right.Record.Time
                ? left.Record.Time.CompareTo(right.Record.Time)
                : left.Id.CompareTo(right.Id));
        return snapshots;
    }

    /// <summary>Finds a snapshot by `latest`, its id, or the beginning of its id.</summary>
    public static SnapshotInfo Find(IReadOnlyList<SnapshotInfo> snapshots, string name)
    {
        if (name == "latest")
        {
            return snapshots.Count > 0 ? snapshots[^1] : throw new SnapshotNotFoundException(name);
        }

        var found = snapshots.Where(snapshot => snapshot.Id.ToString().StartsWith(name, StringComparison.Ordinal));
        return name.Length > 0 && found.Take(2).ToArray() is [var only]
            ? only : throw new SnapshotNotFoundException(name);
    }

    public static async Task<BlobId> WriteAsync(
        SealedStore store, SnapshotRecord record, CancellationToken cancellationToken)
    {
        var id = BlobId.NewRandom();
        await store.WriteAsync(BlobNames.Snapshot(id), BlobKind.Snapshot, id, record.Write(), cancellationToken);
        return id;
    }
}
