using Continuity.Vault.Files;
using Continuity.Vault.Formats;
using Continuity.Vault.Packs;

namespace Continuity.Vault.Snapshots;

/// <summary>Reads a snapshot's tree entry by entry, in order, with one manifest chunk in memory.</summary>
internal sealed class ManifestReader(ChunkFetcher fetcher, SnapshotInfo snapshot)
{
    /// <summary>Reads the records of the whole manifest.</summary>
    /// <remarks>A huge file comes as several entries: the first, and then
    /// <see cref="EntryType.MoreExtents"/>.</remarks>
    public IEnumerable<ManifestEntry> Read(CancellationToken cancellationToken)
    {
        byte[] previous = [];
        var first = true;
        foreach (var chunk in snapshot.Record.Manifest)
        {
            foreach (var entry in ReadChunk(chunk, cancellationToken))
            {
                // Order is what a merge with another tree relies on, and what makes every path unique.
                if (entry.Type != EntryType.MoreExtents)
                {
                    if (!first && FilePath.Compare(previous, entry.Path) >= 0)
                    {
                        throw new CorruptBlobException(
                            BlobNames.Snapshot(snapshot.Id),
                                $"'{entry.DisplayPath}' isn't in its place in the manifest");
                    }

                    previous = entry.Path;
                    first = false;
                }

                yield return entry;
            }
        }
    }

    /// <summary>Reads the records of one manifest chunk.</summary>
    public List<ManifestEntry> ReadChunk(ManifestChunk chunk, CancellationToken cancellationToken)
    {
        var source = $"{BlobNames.Snapshot(snapshot.Id)}, manifest chunk {chunk.Id}";
        var raw = new byte[chunk.RawLength];
        if (fetcher.Read(chunk.Id, raw, cancellationToken) != raw.Length)
        {
            throw new CorruptBlobException(source, "it has another length than the snapshot says");
        }

        var reader = new FormatReader(raw, source);
        var entries = new List<ManifestEntry>();
        byte[] previousPath = [];
        while (!reader.AtEnd)
        {
            var entry = ManifestRecord.Read(reader.Bytes(), source, previousPath);
            previousPath = entry.Path;
            entries.Add(entry);
        }

        return entries;
    }
}
