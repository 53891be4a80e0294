using System.Text.Json.Serialization;
using Continuity.Workers.Files;

namespace Continuity.Workers.Backup;

/// <summary>What an archive holds; its last entry, and again beside it.</summary>
internal sealed record ArchiveManifest
{
    /// <summary>The format this build writes; a reader refuses a higher one.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Where it stands in the archive.</summary>
    public const string EntryName = $"{ReservedNames.Folder}/manifest.json";

    public required int Format { get; init; }

    public required string ArtefactSet { get; init; }

    public required Guid Job { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The <see cref="ContentDigest"/> of all entries.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The folder's own mode and time, then all that is below it, in ordinal order of the paths.</summary>
    public required IReadOnlyList<ArchiveEntry> Entries { get; init; }
}

/// <summary>One name in an archive.</summary>
internal sealed record ArchiveEntry
{
    /// <summary>Relative; "." is the folder itself.</summary>
    public required string Path { get; init; }

    /// <summary>"file", "folder" or "link".</summary>
    public required string Kind { get; init; }

    /// <summary>Permission bits, as a number.</summary>
    public required int Mode { get; init; }

    /// <summary>Nanoseconds since 1970 (UTC).</summary>
    public required long Modified { get; init; }

    /// <summary>A file's bytes.</summary>
    public long Size { get; init; }

    /// <summary>A file's SHA-256, in lower-case hexadecimal digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Where a link points.</summary>
    public string? Target { get; init; }
}

/// <summary>The file beside an archive: what it holds, and how to recognise the archive itself.</summary>
internal sealed record ArchiveRecord
{
    public required string Archive { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Of the archive file, as <c>sha256sum</c> prints it.</summary>
    public required string Sha256 { get; init; }

    public required ArchiveManifest Manifest { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ArchiveManifest))]
[JsonSerializable(typeof(ArchiveRecord))]
[JsonSerializable(typeof(RestoreRecord))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
