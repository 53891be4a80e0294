using Continuity.Vault.Backup;
using Continuity.Vault.Files;
using Continuity.Vault.Formats;
using Continuity.Vault.Indexes;
using Continuity.Vault.Packs;
using Continuity.Vault.Repositories;
using Continuity.Vault.Snapshots;
using ZstdNet;

namespace Continuity.Vault.Archives;

/// <summary>Moves snapshots out of a repository, and folders into it, as tar archives compressed by zstd.</summary>
public static class ArchiveOperation
{
    /// <summary>Writes a snapshot as a tar.zst archive.</summary>
    /// <param name="repository">Where from.</param>
    /// <param name="snapshot">`latest`, an id, or the beginning of an id.</param>
    /// <param name="archive">Gets the archive; stays open.</param>
    /// <param name="cancellationToken">Ends the call; the archive is then cut off.</param>
    /// <returns>What the archive can't hold (sockets); a sentence each.</returns>
    /// <exception cref="SnapshotNotFoundException">There is no such snapshot.</exception>
    public static async Task<IReadOnlyList<string>> ExportAsync(
        Repository repository, string snapshot, Stream archive, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(archive);
        var found = SnapshotStore.Find(
            await SnapshotStore.ReadAllAsync(repository.Store, _ => { }, cancellationToken), snapshot);
        var loaded = await IndexLoader.LoadAsync(repository.Store, _ => { }, cancellationToken);
        return await Task.Factory.StartNew(
            () =>
            {
                using var fetcher = new ChunkFetcher(repository.Store, loaded.Index);
                using var compressed = new CompressionStream(archive);
                return Write(
                    fetcher, new ManifestReader(fetcher, found), new ArchiveWriter(compressed), cancellationToken);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Makes a snapshot of what a tar.zst archive holds.</summary>
    /// <param name="repository">Where to.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="folder">An empty folder with room for the archive's content; it keeps it.</param>
    /// <param name="options">As for a backup. Its one root is what the snapshot says it was made of (the archive's
    /// path, say).</param>
    /// <param name="cancellationToken">Ends the call without a snapshot.</param>
    /// <returns>The snapshot.</returns>
    /// <exception cref="ArchiveException">The archive is damaged, or an entry of it would leave the folder.</exception>
    public static async Task<BackupResult> ImportAsync(
        Repository repository, Stream archive, string folder, BackupOptions options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        // One folder further down: the archive may say whose its root is, and who may look into it.
        var root = Path.Combine(folder, "root");
        Directory.CreateDirectory(root);
        await Task.Factory.StartNew(
            () => Extract(archive, root, cancellationToken), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return await BackupOperation.RunAsync(
            repository, options with { Roots = [root], RecordedRoots = options.Roots }, null, cancellationToken);
    }

    /// <summary>Removes a folder that an import unpacked to, whatever names and permissions are in it.</summary>
    /// <param name="folder">The folder.</param>
    public static void RemoveFolder(string folder) => FolderTree.Remove(folder);

    private static void Extract(Stream archive, string folder, CancellationToken cancellationToken)
    {
        try
        {
            using var plain = new DecompressionStream(archive);
            using var extractor = new ArchiveExtractor(folder);
            extractor.Extract(plain, cancellationToken);
        }
        catch (ZstdException exception)
        {
            throw new ArchiveException($"it isn't compressed by zstd, or is damaged: {exception.Message}", exception);
        }
        catch (EndOfStreamException exception)
        {
            throw new ArchiveException("it is cut off", exception);
        }
    }

    private static List<string> Write(
        ChunkFetcher fetcher, ManifestReader manifest, ArchiveWriter tar, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        ManifestEntry? file = null;
        foreach (var entry in manifest.Read(cancellationToken))
        {
            if (entry.Type == EntryType.MoreExtents)
            {
                file = file is null ? null : file with { Extents = [.. file.Extents, .. entry.Extents] };
                continue;
            }

            WriteFile(fetcher, tar, file);
            file = null;
            if (entry.Type == EntryType.Socket)
            {
                problems.Add($"'{entry.DisplayPath}' can't be in an archive: it is a socket.");
            }
            else if (entry.Type == EntryType.File)
            {
                file = entry;
            }
            else
            {
                tar.Write(entry, null);
            }
        }

        WriteFile(fetcher, tar, file);
        tar.End();
        return problems;
    }

    private static void WriteFile(ChunkFetcher fetcher, ArchiveWriter tar, ManifestEntry? file)
    {
        if (file is not null)
        {
            using var content = new ChunkStream(fetcher, file.Extents);
            tar.Write(file, content);
        }
    }
}
