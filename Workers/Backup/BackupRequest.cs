using Continuity.Contracts.Jobs;
using Continuity.Workers.Fencing;

namespace Continuity.Workers.Backup;

/// <summary>Write a folder to an archive.</summary>
internal sealed record BackupRequest
{
    /// <summary>The folder: absolute.</summary>
    public required string Source { get; init; }

    /// <summary>The folder of the artefact set's archives: absolute; made when it is missing.</summary>
    public required string ArchiveFolder { get; init; }

    public required Guid Job { get; init; }

    public required FencingToken Token { get; init; }
}

/// <summary>Write an archive's files to a folder.</summary>
internal sealed record RestoreRequest
{
    /// <summary>The folder of the artefact set's archives: absolute.</summary>
    public required string ArchiveFolder { get; init; }

    /// <summary>The archive's file name; the latest one when <see langword="null"/>.</summary>
    public string? Archive { get; init; }

    /// <summary>The folder to write: absolute; made when it is missing.</summary>
    public required string Target { get; init; }

    public required ExistingFiles Existing { get; init; }

    public required Guid Job { get; init; }

    public required FencingToken Token { get; init; }
}

/// <summary>What a backup or a restore did.</summary>
/// <param name="Archive">The archive's file name.</param>
/// <param name="Files">Files in it.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="ArchiveBytes">The archive's own.</param>
/// <param name="Sha256">The <see cref="Files.ContentDigest"/> of what it holds.</param>
internal sealed record ArchiveOutcome(string Archive, long Files, long Bytes, long ArchiveBytes, string Sha256)
{
    public static ArchiveOutcome Of(string archive, long archiveBytes, ArchiveManifest manifest) => new(
        archive,
        manifest.Entries.Count(entry => entry.Kind == ArchiveDigest.File),
        manifest.Entries.Sum(entry => entry.Size),
        archiveBytes,
        manifest.Sha256);
}

/// <summary>A restore that is in place, kept in its target so that it is not done again.</summary>
internal sealed record RestoreRecord(Guid Job, ArchiveOutcome Outcome);
