using System.Collections.Concurrent;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;

namespace Continuity.Vault.Maintenance;

/// <summary>What the threads of a verification have found so far.</summary>
internal sealed class VerifyFindings(CancellationToken stopped)
{
    private readonly ConcurrentQueue<VerifyProblem> _problems = [];
    private readonly ConcurrentDictionary<ChunkId, bool> _badChunks = [];
    private readonly ConcurrentDictionary<BlobId, bool> _badPacks = [];
    private long _chunks;
    private long _bytes;

    public CancellationToken Stopped => stopped;

    public long Chunks => Interlocked.Read(ref _chunks);

    public long Bytes => Interlocked.Read(ref _bytes);

    public IReadOnlyList<VerifyProblem> Problems => [.. _problems];

    public void Add(string blobName, string sentence) => _problems.Enqueue(new VerifyProblem(blobName, sentence));

    public void Add(CorruptBlobException exception) => Add(exception.BlobName, exception.Message);

    public void AddPack(PackInfo pack, string sentence)
    {
        if (_badPacks.TryAdd(pack.Id, true))
        {
            Add(BlobNames.Pack(pack.Id), sentence);
        }
    }

    public void AddChunk(ChunkId chunk, string blobName, string sentence)
    {
        if (_badChunks.TryAdd(chunk, true))
        {
            Add(blobName, sentence);
        }
    }

    public void AddChunk() => Interlocked.Increment(ref _chunks);

    public void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Whether a chunk can't be read: it, its pack, or its base is damaged or missing.</summary>
    /// <param name="index">The index.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="blobName">The blob that refers to it: a problem that isn't known yet is put down to it.</param>
    public bool IsLost(ChunkIndex index, ChunkId chunk, string blobName)
    {
        var depth = FormatLimits.MaximumDepth;
        while (true)
        {
            if (!index.TryFind(chunk, depth, out var location))
            {
                AddChunk(chunk, blobName, new MissingChunkException(chunk.ToString()).Message);
                return true;
            }

            if (_badChunks.ContainsKey(chunk) || _badPacks.ContainsKey(index.Packs[location.Pack].Id))
            {
                return true;
            }

            if (!location.Entry.HasBase)
            {
                return false;
            }

            chunk = location.Entry.BaseId;
            depth = location.Entry.Depth - 1;
        }
    }
}
