using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Maintenance;

/// <summary>Follows every reference of snapshots, and names what leads to nothing or to what is known to be
/// damaged.</summary>
internal sealed class TreeVerifier(Repository repository, ChunkIndex index, VerifyFindings findings)
{
    private const int MaximumAffected = 10_000;

    // Snapshots share most of their manifest chunks: one that was found sound is sound in all of them.
    private readonly HashSet<ChunkId> _sound = [];

    /// <summary>Checks snapshots.</summary>
    /// <returns>What can't be restored whole: `snapshot: path`, at most 10,000.</returns>
    public List<string> Run(IReadOnlyList<SnapshotInfo> snapshots)
    {
        using var fetcher = new ChunkFetcher(repository.Store, index);
        var affected = new List<string>();
        foreach (var snapshot in snapshots)
        {
            var reader = new ManifestReader(fetcher, snapshot);
            foreach (var chunk in snapshot.Record.Manifest.Where(chunk => !_sound.Contains(chunk.Id)))
            {
                var lost = Verify(reader, snapshot, chunk);
                if (lost.Count == 0)
                {
                    _sound.Add(chunk.Id);
                }

                affected.AddRange(lost.Take(MaximumAffected - affected.Count));
            }
        }

        return affected;
    }

    private List<string> Verify(ManifestReader reader, SnapshotInfo snapshot, ManifestChunk chunk)
    {
        var lost = new List<string>();
        var name = BlobNames.Snapshot(snapshot.Id);
        try
        {
            foreach (var entry in reader.ReadChunk(chunk, findings.Stopped))
            {
                // All extents, not only up to the first that is lost: each loss is a finding.
                var losses = entry.Extents.Count(
                    extent => !extent.IsHole && findings.IsLost(index, extent.Chunk, name));
                if (losses > 0)
                {
                    lost.Add($"{snapshot.Id}: {entry.DisplayPath}");
                }
            }
        }
        catch (Exception exception)
            when (exception is CorruptBlobException or MissingChunkException or BlobNotFoundException)
        {
            var blobName = (exception as CorruptBlobException)?.BlobName ?? name;
            findings.AddChunk(chunk.Id, blobName, exception.Message);
            lost.Add($"{snapshot.Id}: a part of its tree");
        }

        return lost;
    }
}
