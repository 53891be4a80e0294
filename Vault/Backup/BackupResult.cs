using Continuity.Vault.Formats;
using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Backup;

/// <summary>A backup that was committed, or of a dry run what it would have been.</summary>
/// <param name="Snapshot">The new snapshot's id; of a dry run, the id of none.</param>
/// <param name="Parent">The snapshot that it was compared with.</param>
/// <param name="Statistics">What was read and stored.</param>
/// <param name="Unreadable">What couldn't be read, or changed while it was read; a sentence each.</param>
/// <param name="Consistency">`complete`, `unchecked`, or the sentence why what was read may not be whole.</param>
public sealed record BackupResult(
    BlobId Snapshot, BlobId? Parent, SnapshotStatistics Statistics, IReadOnlyList<string> Unreadable,
    string Consistency)
{
    /// <summary>Gets the bytes that were read and recognised as chunks of the snapshot before by their checks: no id
    /// was computed for them.</summary>
    public long RecognisedBytes { get; init; }
}

/// <summary>How far a backup is.</summary>
/// <param name="Files">Files seen so far.</param>
/// <param name="Bytes">Bytes of these files.</param>
/// <param name="ReadBytes">Bytes that had to be read.</param>
/// <param name="StoredBytes">Bytes put into the repository.</param>
public readonly record struct BackupProgress(long Files, long Bytes, long ReadBytes, long StoredBytes);
