using Continuity.Vault.Indexes;
using Continuity.Vault.Snapshots;
using Continuity.Vault.Workers;

namespace Continuity.Vault.Backup;

/// <summary>Goes through the source in order and plans the manifest: what is unchanged is taken over from the snapshot
/// before, small files are bundled, large files are cut.</summary>
internal sealed class SourceReader(
    BackupOptions options, ChunkIndex index, ParentTree parent, FileCutter cutter, WorkerGroup<ChunkJob> workers,
    Action<PlannedEntry> plan)
{
    private readonly BundleBuilder _bundles = new();

    public SnapshotStatistics Statistics { get; private set; } = new();

    /// <summary>Bytes of the files that weren't taken over.</summary>
    public long ReadBytes { get; private set; }

    public void Read(SourceWalker walker, Action onItem)
    {
        foreach (var item in walker.Walk())
        {
            if (item.Entry is null)
            {
                plan(new PlannedEntry.Problem(item.Name, item.Problem!));
                continue;
            }

            Count(item.Entry);
            if (item.Entry.Type != EntryType.File)
            {
                Pass(new PlannedEntry.Ready(item.Entry));
            }
            else
            {
                ReadFile(item);
            }

            onItem();
        }

        Post(_bundles.Take());
    }

    private void ReadFile(SourceItem item)
    {
        var entry = item.Entry!;
        var before = parent.Find(entry.Path);
        if (!options.ReadUnchanged && before is not null && IsUnchanged(before, entry)
            && before.Extents.All(extent => extent.IsHole || index.TryRely(extent.Chunk)))
        {
            TakeOver(entry, before.Extents);
            return;
        }

        ReadBytes += entry.Stat.Size;
        if (entry.Stat.Size == 0)
        {
            Pass(new PlannedEntry.Ready(entry));
        }
        else if (entry.Stat.Size < BundleBuilder.SmallFileBytes)
        {
            var ended = _bundles.Add(item, (int)entry.Stat.Size, out var bundled);
            // Planned before it is posted: nothing waits for a bundle that isn't on its way when the plan's queue is
            // full.
            plan(new PlannedEntry.Bundled(bundled.File, bundled.Bundle));
            ended.ForEach(Post);
        }
        else
        {
            cutter.Cut(item, before, recognises: !options.ReadUnchanged);
            Post(_bundles.Pass());
        }
    }

    /// <summary>A file whose change time, size and inode are the same wasn't written to: the system sets the change
    /// time.</summary>
    private static bool IsUnchanged(ManifestEntry before, ManifestEntry now) =>
        before.Type == EntryType.File
        && before.Stat.Size == now.Stat.Size
        && before.Stat.Modified == now.Stat.Modified
        && before.Stat.Changed == now.Stat.Changed
        && before.Stat.Inode == now.Stat.Inode;

    private void TakeOver(ManifestEntry entry, IReadOnlyList<Extent> extents)
    {
        var first = true;
        foreach (var part in extents.Chunk(Formats.FormatLimits.ExtentsPerRecord).DefaultIfEmpty([]))
        {
            Pass(new PlannedEntry.Ready(entry with
            {
                Type = first ? EntryType.File : EntryType.MoreExtents,
                Extents = part,
            }));
            first = false;
        }
    }

    private void Pass(PlannedEntry entry)
    {
        plan(entry);
        Post(_bundles.Pass());
    }

    private void Post(BundleJob? bundle)
    {
        if (bundle is not null)
        {
            workers.Post(bundle);
        }
    }

    private void Count(ManifestEntry entry) => Statistics = entry.Type switch
    {
        EntryType.File => Statistics with
        {
            Files = Statistics.Files + 1,
            FileBytes = Statistics.FileBytes + entry.Stat.Size,
        },
        EntryType.Folder => Statistics with { Folders = Statistics.Folders + 1 },
        _ => Statistics with { Others = Statistics.Others + 1 },
    };
}
