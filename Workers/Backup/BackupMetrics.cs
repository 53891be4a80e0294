using System.Diagnostics.Metrics;
using Continuity.Contracts.Jobs;

namespace Continuity.Workers.Backup;

internal sealed class BackupMetrics : IDisposable
{
    private readonly Meter _meter = new("Continuity.Backup");
    private readonly Histogram<double> _backupDuration;
    private readonly Histogram<double> _restoreDuration;
    private readonly Counter<long> _written;
    private readonly Counter<long> _restored;

    public BackupMetrics()
    {
        _backupDuration = _meter.CreateHistogram<double>(
            "continuity.backup.duration", "s", "How long attempts at backups took.");
        _restoreDuration = _meter.CreateHistogram<double>(
            "continuity.restore.duration", "s", "How long attempts at restores took.");
        _written = _meter.CreateCounter<long>(
            "continuity.backup.written", "By", "Bytes of archives written and verified.");
        _restored = _meter.CreateCounter<long>("continuity.restore.written", "By", "Bytes of files restored.");
    }

    public void RecordBackup(string outcome, TimeSpan duration, JobResult? result)
    {
        _backupDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
        _written.Add(result?.BytesWritten ?? 0);
    }

    public void RecordRestore(string outcome, TimeSpan duration, JobResult? result)
    {
        _restoreDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
        _restored.Add(result?.BytesWritten ?? 0);
    }

    public void Dispose() => _meter.Dispose();
}
