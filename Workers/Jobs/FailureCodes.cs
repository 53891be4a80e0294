namespace Continuity.Workers.Jobs;

/// <summary>The stable words for why a job failed (<c>error.code</c> of a job).</summary>
internal static class FailureCodes
{
    public const string SourceMissing = "source-missing";
    public const string SourceEmpty = "source-empty";
    public const string SourceUnreadable = "source-unreadable";
    public const string TargetNotWritable = "target-not-writable";
    public const string TargetNotEmpty = "target-not-empty";
    public const string DiskFull = "disk-full";
    public const string PathRefused = "path-refused";
    public const string NameRefused = "name-refused";
    public const string FileBusy = "file-busy";
    public const string FenceBusy = "fence-busy";
    public const string FenceCorrupt = "fence-corrupt";
    public const string VerificationFailed = "verification-failed";
    public const string ArchiveMissing = "archive-missing";
    public const string ArchiveCorrupt = "archive-corrupt";
    public const string InputOutput = "input-output";
    public const string StaleFencingToken = "stale-fencing-token";
    public const string Unexpected = "unexpected";
    public const string NotConfigured = "not-configured";
}
