using System.Formats.Tar;
using System.Text.Json;
using Continuity.Workers.Files;
using Continuity.Workers.Jobs;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Continuity.Workers.Backup;

/// <summary>
/// Writes a folder as a tar stream compressed with zstd, with a manifest of all hashes as its last entry.
/// </summary>
/// <remarks>
/// A tar stream cannot take back what it has said. So small files are read whole before they are written, and a large
/// one that changes while it is read is written again: in tar the last entry of a name counts, for <c>tar -x</c> as
/// for us.
/// </remarks>
internal sealed class ArchiveWriter(ArchiveFileReader files, BackupOptions options, WorkProgress progress)
{
    private const int BufferBytes = 1024 * 1024;

    /// <summary>Writes the archive and makes it durable.</summary>
    public ArchiveManifest Write(
        BackupRequest request,
        FolderListing source,
        string path,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferBytes);
        ArchiveManifest manifest;
        using (var compressed = Compress(file))
        using (var tar = new TarWriter(compressed, TarEntryFormat.Pax, leaveOpen: true))
        {
            var entries = new List<ArchiveEntry>(source.Entries.Count + 1);
            if (Posix.Inspect(request.Source) is { } root)
            {
                entries.Add(Describe(".", root));
            }

            foreach (var (name, entry) in source.Entries.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Add(tar, request.Source, name, entry, cancellationToken) is { } added)
                {
                    entries.Add(added);
                }
            }

            manifest = new ArchiveManifest
            {
                Format = ArchiveManifest.CurrentFormat,
                ArtefactSet = request.Token.ArtefactSet,
                Job = request.Job,
                CreatedAt = now,
                Sha256 = ArchiveDigest.Compute(entries),
                Entries = entries,
            };
            AddManifest(tar, manifest);
        }

        file.Flush(flushToDisk: true);
        return manifest;
    }

    private CompressionStream Compress(FileStream file)
    {
        var stream = new CompressionStream(file, options.CompressionLevel, BufferBytes, leaveOpen: true);
        stream.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return stream;
    }

    private ArchiveEntry? Add(
        TarWriter tar, string source, string name, FolderEntry entry, CancellationToken cancellationToken)
    {
        switch (entry.Facts.Kind)
        {
            case FileKind.Folder:
                tar.WriteEntry(Header(TarEntryType.Directory, name + '/', entry.Facts));
                return Describe(name, entry.Facts);
            case FileKind.Link:
                tar.WriteEntry(Header(TarEntryType.SymbolicLink, name, entry.Facts, entry.LinkTarget));
                return Describe(name, entry.Facts) with { Target = entry.LinkTarget };
            case FileKind.File:
                return AddFile(tar, Path.Join(source, name), name, cancellationToken);
            default:
                return null;
        }
    }

    private ArchiveEntry? AddFile(TarWriter tar, string path, string name, CancellationToken cancellationToken)
    {
        var version = files.Read(
            path,
            (facts, content) =>
            {
                var header = Header(TarEntryType.RegularFile, name, facts);
                header.DataStream = content;
                tar.WriteEntry(header);
            },
            cancellationToken);
        if (version is not { } read)
        {
            return null;
        }

        progress.FileDone();
        return Describe(name, read.Facts) with { Size = read.Facts.Size, Sha256 = read.Sha256 };
    }

    private static void AddManifest(TarWriter tar, ArchiveManifest manifest)
    {
        using var content = new MemoryStream(
            JsonSerializer.SerializeToUtf8Bytes(manifest, ArchiveJson.Default.ArchiveManifest));
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, ArchiveManifest.EntryName)
        {
            DataStream = content,
            ModificationTime = manifest.CreatedAt,
        });
    }

    // A pax record with a line break in a name is correct, but .NET's reader does not understand it; GNU's long names
    // it does.
    private static TarEntry Header(TarEntryType type, string name, FileFacts facts, string? linkTarget = null)
    {
        TarEntry header = name.Contains('\n', StringComparison.Ordinal) || linkTarget?.Contains('\n') == true
            ? new GnuTarEntry(type, name)
            : new PaxTarEntry(type, name);
        header.Mode = facts.Mode;
        header.ModificationTime = DateTimeOffset.UnixEpoch.AddTicks(facts.Modified / 100);
        if (linkTarget is not null)
        {
            header.LinkName = linkTarget;
        }

        return header;
    }

    private static ArchiveEntry Describe(string name, FileFacts facts) => new()
    {
        Path = name,
        Kind = ArchiveDigest.KindOf(facts.Kind),
        Mode = (int)facts.Mode,
        Modified = facts.Modified,
    };
}
