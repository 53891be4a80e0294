using System.Formats.Tar;
using System.Text;
using System.Text.Unicode;
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
    /// <returns>What the archive can't hold (names that aren't UTF-8, sockets); a sentence each.</returns>
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
                using var tar = new TarWriter(compressed, TarEntryFormat.Pax, leaveOpen: true);
                return Write(fetcher, new ManifestReader(fetcher, found), tar, cancellationToken);
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
        Directory.CreateDirectory(folder);
        await Task.Factory.StartNew(
            () => Extract(archive, folder, cancellationToken), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return await BackupOperation.RunAsync(
            repository, options with { Roots = [folder], RecordedRoots = options.Roots }, null, cancellationToken);
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
        ChunkFetcher fetcher, ManifestReader manifest, TarWriter tar, CancellationToken cancellationToken)
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
            if (entry.Path.Length == 0)
            {
                continue;
            }

            if (!Utf8.IsValid(entry.Path) || !Utf8.IsValid(entry.Target) || entry.Type == EntryType.Socket)
            {
                problems.Add($"'{entry.DisplayPath}' can't be in an archive: its name isn't UTF-8, or it is a socket.");
            }
            else if (entry.Type == EntryType.File)
            {
                CheckAttributes(entry, problems);
                file = entry;
            }
            else
            {
                tar.WriteEntry(Describe(entry));
            }
        }

        WriteFile(fetcher, tar, file);
        return problems;
    }

    private static void WriteFile(ChunkFetcher fetcher, TarWriter tar, ManifestEntry? file)
    {
        if (file is not null)
        {
            using var content = new ChunkStream(fetcher, file.Extents);
            var described = Describe(file);
            described.DataStream = content;
            tar.WriteEntry(described);
        }
    }

    private static void CheckAttributes(ManifestEntry entry, List<string> problems)
    {
        if (!entry.Attributes.All(IsText))
        {
            problems.Add(
                $"'{entry.DisplayPath}' has extended attributes that aren't text: they aren't in the archive.");
        }
    }

    // An archive's records are text for the library that writes them.
    private static bool IsText(ExtendedAttribute attribute) =>
        Utf8.IsValid(attribute.Name) && Utf8.IsValid(attribute.Value)
        && !attribute.Value.AsSpan().ContainsAny((byte)0, (byte)'\n');

    private static PaxTarEntry Describe(ManifestEntry entry)
    {
        var attributes = entry.Attributes.Where(IsText).Select(attribute => KeyValuePair.Create(
            $"SCHILY.xattr.{Encoding.UTF8.GetString(attribute.Name)}", Encoding.UTF8.GetString(attribute.Value)));
        var described = new PaxTarEntry(TypeOf(entry.Type), Encoding.UTF8.GetString(entry.Path), attributes)
        {
            Mode = (UnixFileMode)entry.Stat.Mode,
            Uid = (int)entry.Stat.User,
            Gid = (int)entry.Stat.Group,
            ModificationTime = UnixTime.FromNanoseconds(entry.Stat.Modified),
        };
        if (entry.Type is EntryType.SymbolicLink or EntryType.HardLink)
        {
            described.LinkName = Encoding.UTF8.GetString(entry.Target);
        }

        if (entry.Type is EntryType.CharacterDevice or EntryType.BlockDevice)
        {
            described.DeviceMajor = (int)(entry.Stat.NodeDevice >> 32);
            described.DeviceMinor = (int)entry.Stat.NodeDevice;
        }

        return described;
    }

    private static TarEntryType TypeOf(EntryType type) => type switch
    {
        EntryType.Folder => TarEntryType.Directory,
        EntryType.SymbolicLink => TarEntryType.SymbolicLink,
        EntryType.HardLink => TarEntryType.HardLink,
        EntryType.Fifo => TarEntryType.Fifo,
        EntryType.CharacterDevice => TarEntryType.CharacterDevice,
        EntryType.BlockDevice => TarEntryType.BlockDevice,
        _ => TarEntryType.RegularFile,
    };
}
