using Continuity.Vault.Files;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;

namespace Continuity.Vault.Snapshots;

/// <summary>Looks into snapshots: lists, finds and compares. Reads manifests only.</summary>
/// <remarks>The sequences are read as they are enumerated, a manifest chunk at a time. One instance serves one
/// thread.</remarks>
public sealed class SnapshotBrowser : IDisposable
{
    private readonly ChunkFetcher _fetcher;
    private readonly CancellationToken _cancellationToken;

    private SnapshotBrowser(
        IReadOnlyList<SnapshotInfo> snapshots, ChunkFetcher fetcher, CancellationToken cancellationToken)
    {
        Snapshots = snapshots;
        _fetcher = fetcher;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Gets the snapshots, oldest first.</summary>
    public IReadOnlyList<SnapshotInfo> Snapshots { get; }

    /// <summary>Reads which snapshots there are.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="cancellationToken">Ends this call and all reading.</param>
    /// <returns>The browser.</returns>
    public static async Task<SnapshotBrowser> OpenAsync(Repository repository, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var snapshots = await SnapshotStore.ReadAllAsync(repository.Store, _ => { }, cancellationToken);
        var loaded = await IndexLoader.LoadAsync(repository.Store, _ => { }, cancellationToken);
        return new SnapshotBrowser(snapshots, new ChunkFetcher(repository.Store, loaded.Index), cancellationToken);
    }

    /// <summary>Gets a snapshot.</summary>
    /// <param name="name">`latest`, an id, or the beginning of an id.</param>
    /// <returns>The snapshot.</returns>
    /// <exception cref="Formats.SnapshotNotFoundException">There is no such snapshot.</exception>
    public SnapshotInfo Find(string name) => SnapshotStore.Find(Snapshots, name);

    /// <summary>Lists a snapshot's tree.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <returns>The entries, a folder before what it holds.</returns>
    public IEnumerable<SnapshotEntry> List(SnapshotInfo snapshot) => Entries(snapshot).Select(SnapshotEntry.From);

    /// <summary>Finds entries by a pattern, in all snapshots or some.</summary>
    /// <param name="pattern">A pattern as for excluding: `*.safetensors`, `logs/**/*.txt`.</param>
    /// <param name="isWanted">Whether to look into a snapshot.</param>
    /// <returns>The entries, the oldest snapshot first.</returns>
    public IEnumerable<SnapshotMatch> Find(
        IReadOnlyList<string> pattern, Func<SnapshotInfo, bool> isWanted)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return from snapshot in Snapshots.Where(isWanted)
               let patterns = new PathPatterns(pattern, snapshot.Record.Roots)
               from entry in Entries(snapshot)
               where patterns.Matches(entry.Path)
               select new SnapshotMatch(snapshot, SnapshotEntry.From(entry));
    }

    /// <summary>Compares two snapshots.</summary>
    /// <param name="older">The one before.</param>
    /// <param name="newer">The one after.</param>
    /// <returns>What differs, in the order of the trees.</returns>
    public IEnumerable<SnapshotDifference> Compare(SnapshotInfo older, SnapshotInfo newer)
    {
        using var before = Whole(older).GetEnumerator();
        using var after = Whole(newer).GetEnumerator();
        var hasBefore = before.MoveNext();
        var hasAfter = after.MoveNext();
        while (hasBefore || hasAfter)
        {
            var order = !hasBefore ? 1 : !hasAfter ? -1 : FilePath.Compare(before.Current.Path, after.Current.Path);
            if (order < 0)
            {
                yield return new SnapshotDifference(
                    before.Current.DisplayPath, SnapshotChange.Removed, before.Current.Stat.Size, 0);
            }
            else if (order > 0)
            {
                yield return new SnapshotDifference(
                    after.Current.DisplayPath, SnapshotChange.Added, 0, after.Current.Stat.Size);
            }
            else if (ChangeOf(before.Current, after.Current) is { } change)
            {
                yield return new SnapshotDifference(
                    after.Current.DisplayPath, change, before.Current.Stat.Size, after.Current.Stat.Size);
            }

            hasBefore = order <= 0 ? before.MoveNext() : hasBefore;
            hasAfter = order >= 0 ? after.MoveNext() : hasAfter;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _fetcher.Dispose();

    private IEnumerable<ManifestEntry> Entries(SnapshotInfo snapshot) =>
        new ManifestReader(_fetcher, snapshot).Read(_cancellationToken)
            .Where(entry => entry.Type != EntryType.MoreExtents);

    /// <summary>The entries with all extents of huge files in one.</summary>
    private IEnumerable<ManifestEntry> Whole(SnapshotInfo snapshot)
    {
        ManifestEntry? held = null;
        foreach (var entry in new ManifestReader(_fetcher, snapshot).Read(_cancellationToken))
        {
            if (entry.Type == EntryType.MoreExtents)
            {
                held = held! with { Extents = [.. held!.Extents, .. entry.Extents] };
                continue;
            }

            if (held is not null)
            {
                yield return held;
            }

            held = entry;
        }

        if (held is not null)
        {
            yield return held;
        }
    }

    private static bool IsSameContent(IReadOnlyList<Extent> before, IReadOnlyList<Extent> after) =>
        before.Count == after.Count && before.Zip(after).All(pair => pair.First.IsSameContent(pair.Second));

    private static SnapshotChange? ChangeOf(ManifestEntry before, ManifestEntry after)
    {
        // A small file that is read again may lie in another bundle: other extents of the same size aren't proof of
        // other content unless its time changed too.
        var isModified = before.Type != after.Type
            || !before.Target.AsSpan().SequenceEqual(after.Target)
            || before.Stat.Size != after.Stat.Size
            || (before.Stat.Modified != after.Stat.Modified && !IsSameContent(before.Extents, after.Extents));
        if (isModified)
        {
            return SnapshotChange.Modified;
        }

        var isSameMetadata = before.Stat.RawMode == after.Stat.RawMode
            && before.Stat.User == after.Stat.User
            && before.Stat.Group == after.Stat.Group
            && before.Stat.Modified == after.Stat.Modified
            && before.Attributes.Count == after.Attributes.Count
            && before.Attributes.Zip(after.Attributes).All(pair =>
                pair.First.Name.AsSpan().SequenceEqual(pair.Second.Name)
                && pair.First.Value.AsSpan().SequenceEqual(pair.Second.Value));
        return isSameMetadata ? null : SnapshotChange.MetadataChanged;
    }
}
