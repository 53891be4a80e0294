using System.Diagnostics.Metrics;
using Continuity.Contracts.Jobs;

namespace Continuity.Workers.Sync;

internal sealed class SyncMetrics : IDisposable
{
    private readonly Meter _meter = new("Continuity.Sync");
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _files;
    private readonly Counter<long> _deleted;
    private readonly Counter<long> _bytes;

    public SyncMetrics()
    {
        _duration = _meter.CreateHistogram<double>(
            "continuity.sync.duration", "s", "How long attempts at syncs took.");
        _files = _meter.CreateCounter<long>("continuity.sync.files_copied", "{file}", "Files copied.");
        _deleted = _meter.CreateCounter<long>("continuity.sync.files_deleted", "{file}", "Files deleted from copies.");
        _bytes = _meter.CreateCounter<long>("continuity.sync.copied", "By", "Bytes copied.");
    }

    public void Record(string outcome, TimeSpan duration, JobResult? result)
    {
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
        _files.Add(result?.FilesWritten ?? 0);
        _deleted.Add(result?.FilesDeleted ?? 0);
        _bytes.Add(result?.BytesWritten ?? 0);
    }

    public void Dispose() => _meter.Dispose();
}
