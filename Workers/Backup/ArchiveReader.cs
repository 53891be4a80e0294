using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using Continuity.Workers.Files;
using Continuity.Workers.Jobs;
using ZstdSharp;

namespace Continuity.Workers.Backup;

/// <summary>
/// Reads an archive from its first byte to its last, and believes nothing of it: names stay below the root, every
/// byte is hashed, and what was found must be what the manifest says.
/// </summary>
internal sealed class ArchiveReader(string archive, WorkProgress progress)
{
    private const int BufferBytes = 1024 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private readonly Dictionary<string, ArchiveEntry> _found = new(StringComparer.Ordinal);
    private ArchiveManifest? _manifest;
    private string _where = "at its beginning";

    /// <summary>Checks the archive, and writes what it holds to the staging folder if there is one.</summary>
    /// <exception cref="CorruptArchiveException">It is not what was written.</exception>
    public VerifiedArchive Read(StagingFolder? staging, CancellationToken cancellationToken)
    {
        using var file = FileOperationException.Reading(
            archive, () => new FileStream(archive, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            using var hashed = new HashingStream(file, hash);
            using (var content = new DecompressionStream(hashed, BufferBytes, checkEndOfStream: true, leaveOpen: true))
            using (var tar = new TarReader(content, leaveOpen: true))
            {
                ReadEntries(tar, file, staging, cancellationToken);
                // Behind the tar stream's end there is padding, and zstd's own checksum at the very end.
                Drain(content);
            }

            Drain(hashed);
        }
        catch (Exception exception) when (
            exception is InvalidDataException or ZstdException or EndOfStreamException or FormatException
                or ArgumentException or OverflowException or JsonException)
        {
            throw new CorruptArchiveException(
                archive, $"{_where} (near byte {file.Position} of {file.Length})", exception.Message, exception);
        }

        return new VerifiedArchive(CheckManifest(), file.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private void ReadEntries(
        TarReader tar, FileStream file, StagingFolder? staging, CancellationToken cancellationToken)
    {
        while (tar.GetNextEntry() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _where = $"in entry '{entry.Name}'";
            if (entry is PaxGlobalExtendedAttributesTarEntry)
            {
                continue;
            }

            if (entry.Name == ArchiveManifest.EntryName)
            {
                _manifest = JsonSerializer.Deserialize(Content(entry), ArchiveJson.Default.ArchiveManifest);
                continue;
            }

            var path = ArchivePath.Parse(entry.Name) ?? throw Refuse(entry, file, "its path leads out of the folder");
            if (path == ReservedNames.Folder || path.StartsWith(ReservedNames.Folder + '/', StringComparison.Ordinal))
            {
                throw Refuse(entry, file, "its name is reserved");
            }

            RequireFolderAbove(entry, path, file);
            ReadEntry(entry, path, file, staging, cancellationToken);
        }

        _where = "at its end";
    }

    private void ReadEntry(
        TarEntry entry, string path, FileStream file, StagingFolder? staging, CancellationToken cancellationToken)
    {
        var described = new ArchiveEntry
        {
            Path = path,
            Kind = ArchiveDigest.Folder,
            Mode = (int)entry.Mode,
            Modified = 0,
        };
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                staging?.AddFolder(path);
                break;
            case TarEntryType.SymbolicLink:
                described = described with { Kind = ArchiveDigest.Link, Target = entry.LinkName };
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                var (size, sha256) = ReadFile(entry, path, staging, cancellationToken);
                described = described with { Kind = ArchiveDigest.File, Size = size, Sha256 = sha256 };
                progress.FileDone();
                break;
            default:
                throw Refuse(entry, file, $"entries of type {entry.EntryType} are not restored");
        }

        if (_found.TryGetValue(path, out var earlier) && earlier.Kind != described.Kind)
        {
            throw Refuse(entry, file, $"it is both a {earlier.Kind} and a {described.Kind}");
        }

        _found[path] = described;
    }

    private (long Size, string Sha256) ReadFile(
        TarEntry entry, string path, StagingFolder? staging, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var copy = staging?.CreateFile(path);
        var content = Content(entry);
        var size = 0L;
        for (int read; (read = content.Read(_buffer)) > 0; size += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(_buffer.AsSpan(0, read));
            progress.BytesDone(read);
            if (copy is not null)
            {
                FileOperationException.Writing(path, () => Write(copy, read));
            }
        }

        if (copy is not null)
        {
            FileOperationException.Writing(path, () => Flush(copy));
        }

        return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private bool Write(Stream copy, int count)
    {
        copy.Write(_buffer, 0, count);
        return true;
    }

    private static bool Flush(Stream copy)
    {
        copy.Flush();
        return true;
    }

    // An entry below a link would be written wherever the link points. Folders come before what is in them.
    private void RequireFolderAbove(TarEntry entry, string path, FileStream file)
    {
        var slash = path.LastIndexOf('/');
        if (slash > 0 && (!_found.TryGetValue(path[..slash], out var above) || above.Kind != ArchiveDigest.Folder))
        {
            throw Refuse(entry, file, "there is no folder entry above it");
        }
    }

    private ArchiveManifest CheckManifest()
    {
        if (_manifest is not { } manifest)
        {
            throw new CorruptArchiveException(archive, "at its end", "its manifest is missing.");
        }

        if (manifest.Format > ArchiveManifest.CurrentFormat)
        {
            throw new CorruptArchiveException(
                archive, "for this program", $"its format is {manifest.Format}; this program reads up to "
                    + $"{ArchiveManifest.CurrentFormat}. Use a newer one.");
        }

        foreach (var (path, entry) in _found)
        {
            if (entry.Target is { } target)
            {
                LinkGuard.Check(path, target, other => _found.GetValueOrDefault(other)?.Target);
            }
        }

        var expected = manifest.Entries.Where(entry => entry.Path != ".").ToList();
        var wrong = expected.FirstOrDefault(entry => !IsAsFound(entry))?.Path
            ?? _found.Keys.Except(expected.Select(entry => entry.Path)).FirstOrDefault();
        return wrong is null && ArchiveDigest.Compute(_found.Values) == manifest.Sha256
            ? manifest
            : throw new CorruptArchiveException(
                archive,
                $"in entry '{wrong ?? ArchiveManifest.EntryName}'",
                "its content is not what the manifest says.");
    }

    private bool IsAsFound(ArchiveEntry expected) =>
        _found.TryGetValue(expected.Path, out var found)
        && (found.Kind, found.Size, found.Sha256, found.Target)
            == (expected.Kind, expected.Size, expected.Sha256, expected.Target);

    private CorruptArchiveException Refuse(TarEntry entry, FileStream file, string reason) =>
        new(
            archive,
            $"in entry '{entry.Name}' (near byte {file.Position} of {file.Length})",
            $"{reason}. Nothing was restored.");

    private static Stream Content(TarEntry entry) => entry.DataStream ?? Stream.Null;

    private void Drain(Stream stream)
    {
        while (stream.Read(_buffer) > 0)
        {
        }
    }
}

/// <summary>An archive that was read to its end and found whole.</summary>
/// <param name="Manifest">What it holds.</param>
/// <param name="Bytes">The archive file's length.</param>
/// <param name="Sha256">Of the archive file.</param>
internal sealed record VerifiedArchive(ArchiveManifest Manifest, long Bytes, string Sha256);
