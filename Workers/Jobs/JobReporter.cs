using Continuity.Contracts.Jobs;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Jobs;

namespace Continuity.Workers.Jobs;

/// <summary>Tells how far a job is while it runs, and hears whether it is still wanted.</summary>
internal sealed partial class JobReporter(WorkerJobs jobs, TimeProvider time, ILogger<JobReporter> logger)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(700);

    /// <summary>
    /// Reports until cancelled, or until the answer is another one than "go on", which is returned. A database that
    /// does not answer is no answer: the lease says how long the work may go on without one.
    /// </summary>
    public async Task<JobWrite> ReportAsync(
        ClaimedJob claimed, WorkProgress progress, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        var last = new JobProgress();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var now = progress.Read();
                // Also when nothing moved: the answer is how a request to stop arrives.
                var answer = await TryReportAsync(claimed, now, cancellationToken);
                if (answer is { } other && other != JobWrite.Accepted)
                {
                    return other;
                }

                if (now.Phase != last.Phase)
                {
                    LogPhase(claimed.Job.Id, now.Phase ?? "", now.FilesDone, now.FilesTotal ?? 0, now.BytesDone);
                }

                last = now;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The work has ended.
        }

        return JobWrite.Accepted;
    }

    /// <summary>Tells where the work ended; if that cannot be told, the job's result says it.</summary>
    public Task ReportLastAsync(ClaimedJob claimed, WorkProgress progress, CancellationToken cancellationToken) =>
        TryReportAsync(claimed, progress.Read(), cancellationToken);

    private async Task<JobWrite?> TryReportAsync(
        ClaimedJob claimed, JobProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            return await jobs.ReportProgressAsync(claimed, progress, cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsAway(exception))
        {
            LogNotReported(claimed.Job.Id, exception.Message);
            return null;
        }
    }

    [LoggerMessage(2020, LogLevel.Debug, "Job {Job} is {Phase}: {FilesDone} of {FilesTotal} files, {Bytes} bytes.")]
    private partial void LogPhase(Guid job, string phase, long filesDone, long filesTotal, long bytes);

    [LoggerMessage(2021, LogLevel.Debug, "The progress of job {Job} could not be stored: {Reason}")]
    private partial void LogNotReported(Guid job, string reason);
}
