using Continuity.Vault.Crypto;
using Continuity.Vault.Indexes;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Restore;

/// <summary>What the threads of a restore share.</summary>
internal sealed class RestoreContext(
    Repository repository, SnapshotInfo snapshot, ChunkIndex index, RestoreOptions options, string target,
    CancellationToken stopped)
{
    // Kernels begin to write back at a tenth of the memory, and make writers wait at a fifth.
    private const int CacheShare = 8;

    private long _files;
    private long _bytes;
    private long _writtenBytes;

    public Repository Repository => repository;

    public SnapshotInfo Snapshot => snapshot;

    public ChunkIndex Index => index;

    public RestoreOptions Options => options;

    /// <summary>The folder that is written below: the target, or the one that will be swapped with it.</summary>
    public string Target => target;

    public CancellationToken Stopped => stopped;

    /// <summary>Whether the target was empty: then nothing in it needs to be compared.</summary>
    public required bool IsFresh { get; init; }

    /// <summary>What of the content goes past the page cache.</summary>
    public DirectWrites Direct { get; } = new(
        options.Writes,
        snapshot.Record.Statistics.FileBytes <= GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / CacheShare,
        repository.Time);

    public ChunkHasher Hasher { get; } = new(repository.Store.Keys.ChunkIdKey);

    public RestoreProblems Problems { get; } = new();

    public long Files => Interlocked.Read(ref _files);

    public long Bytes => Interlocked.Read(ref _bytes);

    public long WrittenBytes => Interlocked.Read(ref _writtenBytes);

    public void AddFile(long bytes)
    {
        Interlocked.Increment(ref _files);
        AddBytes(bytes);
    }

    public void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void AddWritten(long bytes) => Interlocked.Add(ref _writtenBytes, bytes);
}
