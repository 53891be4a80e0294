using Continuity.Contracts.ArtefactSets;
using Continuity.Workers.Files;
using Continuity.Workers.Jobs;

namespace Continuity.Workers.Sync;

/// <summary>Compares two listings and says what must be done; touches nothing.</summary>
internal static class SyncPlanner
{
    public static SyncPlan Plan(SyncRequest request, FolderListing source, FolderListing target, SyncManifest manifest)
    {
        RefuseToEmpty(request, source, target);
        var plan = new SyncPlan();
        foreach (var (path, entry) in source.Entries.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (entry.Facts.Kind == FileKind.Other)
            {
                continue;
            }

            FolderEntry? existing = target.Entries.TryGetValue(path, out var found) ? found : null;
            if (existing is { } other && other.Facts.Kind != entry.Facts.Kind)
            {
                RefuseToLoseFolder(request, path, other, target);
                plan.Obstacles.Add(path);
                plan.BytesToFree += other.Facts.Size;
                existing = null;
            }

            Add(plan, request, path, (entry, existing), manifest);
        }

        if (request.Deletions == DeletionPolicy.Delete)
        {
            AddDeletions(plan, source, target);
        }

        return plan;
    }

    private static void AddDeletions(SyncPlan plan, FolderListing source, FolderListing target)
    {
        var obstacles = plan.Obstacles.ToHashSet(StringComparer.Ordinal);
        var gone = target.Entries.Where(pair => !source.Entries.ContainsKey(pair.Key));
        foreach (var (path, entry) in gone.OrderByDescending(pair => pair.Key, StringComparer.Ordinal))
        {
            var isFile = entry.Facts.Kind == FileKind.File;
            plan.BytesToFree += isFile ? entry.Facts.Size : 0;
            if (!IsBelowAny(obstacles, path))
            {
                plan.Deletions.Add(path);
            }
            else if (isFile)
            {
                plan.FilesBelowObstacles++;
            }
        }
    }

    // What is below an obstacle goes with it. Deleted by its own name later, it would be looked for through the
    // link that stands there then, and a file of the new copy would go in its place.
    private static bool IsBelowAny(HashSet<string> obstacles, string path)
    {
        for (var end = path.LastIndexOf('/'); end > 0 && obstacles.Count > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (obstacles.Contains(path[..end]))
            {
                return true;
            }
        }

        return false;
    }

    private static void Add(
        SyncPlan plan,
        SyncRequest request,
        string path,
        (FolderEntry Source, FolderEntry? Target) pair,
        SyncManifest manifest)
    {
        var (entry, existing) = pair;
        switch (entry.Facts.Kind)
        {
            case FileKind.Folder when existing is null:
                plan.NewFolders.Add(path);
                break;
            case FileKind.Link when existing?.LinkTarget != entry.LinkTarget
                || existing?.Facts.Modified != entry.Facts.Modified:
                plan.Links.Add((path, entry));
                break;
            case FileKind.File:
                plan.FilesExamined++;
                AddFile(plan, request, path, (entry.Facts, existing?.Facts), manifest.Find(path));
                break;
        }
    }

    private static void AddFile(
        SyncPlan plan,
        SyncRequest request,
        string path,
        (FileFacts Source, FileFacts? Target) pair,
        ManifestEntry? known)
    {
        var (file, existing) = pair;
        if (existing is { } copy && copy.Size == file.Size)
        {
            var sameTime = copy.Modified == file.Modified;
            var isFull = request.Comparison == SyncComparison.Full;
            if (sameTime && !isFull && known is { IsFresh: false } && known.Describes(file))
            {
                if (copy.Mode != file.Mode)
                {
                    plan.Modes.Add((path, file.Mode));
                }

                return;
            }

            plan.Files.Add(new FileWork(path, file, CompareFirst: sameTime || isFull));
        }
        else
        {
            plan.Files.Add(new FileWork(path, file, CompareFirst: false));
        }

        if (!plan.Files[^1].CompareFirst)
        {
            plan.BytesToCopy += file.Size;
            plan.BytesToFree += existing?.Size ?? 0;
        }
    }

    // An empty source is what a file system looks like that is not mounted. Emptying every copy of it would be no
    // sync but a loss.
    private static void RefuseToEmpty(SyncRequest request, FolderListing source, FolderListing target)
    {
        if (request.Deletions == DeletionPolicy.Delete && source.Entries.Count == 0 && target.Entries.Count > 0)
        {
            throw new JobFailureException(
                FailureCodes.SourceEmpty,
                $"The source '{request.Source}' is empty and the copy '{request.Target}' holds "
                    + $"{target.Entries.Count} entries, "
                    + "which are not deleted. Check that the source's file system is mounted; to empty the "
                    + "copy, delete its files by hand.");
        }
    }

    private static void RefuseToLoseFolder(SyncRequest request, string path, FolderEntry existing, FolderListing target)
    {
        if (request.Deletions == DeletionPolicy.Keep
            && existing.Facts.Kind == FileKind.Folder
            && target.Entries.Keys.Any(other => other.StartsWith(path + '/', StringComparison.Ordinal)))
        {
            throw new JobFailureException(
                FailureCodes.TargetNotWritable,
                $"'{path}' is no folder in the source but a folder with content in the copy '{request.Target}', "
                    + "whose files are kept by policy. Remove it there, or let the artefact set delete.");
        }
    }
}
