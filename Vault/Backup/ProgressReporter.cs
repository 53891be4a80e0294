using Continuity.Vault.Snapshots;

namespace Continuity.Vault.Backup;

/// <summary>Passes progress on, but not more often than someone can read it.</summary>
internal sealed class ProgressReporter(IProgress<BackupProgress> progress, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private long _last = time.GetTimestamp();

    public void Report(SnapshotStatistics statistics, long readBytes, long storedBytes)
    {
        if (time.GetElapsedTime(_last) >= Interval)
        {
            _last = time.GetTimestamp();
            progress.Report(new BackupProgress(statistics.Files, statistics.FileBytes, readBytes, storedBytes));
        }
    }

    public void Finish(SnapshotStatistics statistics, long storedBytes) =>
        progress.Report(new BackupProgress(statistics.Files, statistics.FileBytes, statistics.FileBytes, storedBytes));
}
