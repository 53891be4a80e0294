using Continuity.Vault.Files;
using Continuity.Vault.Packs;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Backup;

/// <summary>The tree of the snapshot before, read alongside the walk: both are in the same order, so one chunk of the
/// manifest is in memory at a time.</summary>
internal sealed class ParentTree : IDisposable
{
    private readonly ChunkFetcher _fetcher;
    private readonly IEnumerator<ManifestEntry>? _entries;
    private bool _more;

    public ParentTree(SnapshotInfo? snapshot, ChunkFetcher fetcher, CancellationToken cancellationToken)
    {
        _fetcher = fetcher;
        if (snapshot is not null)
        {
            _entries = new ManifestReader(fetcher, snapshot).Read(cancellationToken).GetEnumerator();
            _more = _entries.MoveNext();
        }
    }

    /// <summary>Gets what was at a path; the paths must be asked for in the order of a manifest.</summary>
    /// <returns>The entry with all of its extents, or null.</returns>
    public ManifestEntry? Find(ReadOnlySpan<byte> path)
    {
        while (_more && FilePath.Compare(_entries!.Current.Path, path) < 0)
        {
            _more = _entries.MoveNext();
        }

        if (!_more || !_entries!.Current.Path.AsSpan().SequenceEqual(path))
        {
            return null;
        }

        var entry = _entries.Current;
        _more = _entries.MoveNext();
        if (!_more || _entries.Current.Type != EntryType.MoreExtents)
        {
            return entry;
        }

        var extents = entry.Extents.ToList();
        while (_more && _entries.Current.Type == EntryType.MoreExtents)
        {
            extents.AddRange(_entries.Current.Extents);
            _more = _entries.MoveNext();
        }

        return entry with { Extents = extents };
    }

    public void Dispose()
    {
        _entries?.Dispose();
        _fetcher.Dispose();
    }
}
