using System.Diagnostics;
using Continuity.Contracts.Jobs;
using Continuity.Workers.Backup;
using Continuity.Workers.Fencing;
using Continuity.Workers.Sync;

namespace Continuity.Workers.Jobs;

/// <summary>Measures each attempt at a job, in the meter and the trace of its kind.</summary>
internal sealed class JobMetrics(SyncMetrics sync, BackupMetrics backup, TimeProvider time)
{
    public const string Source = "Continuity.Workers";

    private static readonly ActivitySource _source = new(Source);

    public async Task<JobResult> MeasureAsync(Job job, Func<Task<JobResult>> work)
    {
        using var activity = _source.StartActivity(
            $"{job.Kind.ToString().ToLowerInvariant()} job", ActivityKind.Consumer);
        activity?.SetTag("continuity.job.id", job.Id);
        activity?.SetTag("continuity.artefact_set", job.ArtefactSet);
        var start = time.GetTimestamp();
        JobResult? result = null;
        var outcome = "succeeded";
        try
        {
            return result = await work();
        }
        catch (Exception exception)
        {
            outcome = exception is OperationCanceledException or StaleFencingTokenException ? "stopped" : "failed";
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
        finally
        {
            Record(job.Kind, outcome, time.GetElapsedTime(start), result);
        }
    }

    private void Record(JobKind kind, string outcome, TimeSpan duration, JobResult? result)
    {
        switch (kind)
        {
            case JobKind.Sync:
                sync.Record(outcome, duration, result);
                break;
            case JobKind.Backup:
                backup.RecordBackup(outcome, duration, result);
                break;
            default:
                backup.RecordRestore(outcome, duration, result);
                break;
        }
    }
}
