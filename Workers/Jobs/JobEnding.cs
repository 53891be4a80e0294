using Continuity.Contracts.Jobs;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Jobs;

namespace Continuity.Workers.Jobs;

/// <summary>
/// Writes how a job ended. While the database does not answer it is asked again, as long as the lease is good: after
/// that another worker finds the job, sees that its work is done, and says so.
/// </summary>
internal sealed partial class JobEnding(WorkerJobs jobs, TimeProvider time, ILogger<JobEnding> logger)
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromMilliseconds(300);

    // Within the time that a stopping process has.
    private static readonly TimeSpan _returnDeadline = TimeSpan.FromSeconds(3);

    public Task CompleteAsync(ClaimedJob claimed, JobResult result, CancellationToken lost) =>
        WriteAsync(claimed, "succeeded", token => jobs.CompleteAsync(claimed, result, token), lost);

    public async Task FailAsync(ClaimedJob claimed, JobError error, bool mayPass, CancellationToken lost)
    {
        LogFailed(claimed.Job.Kind, claimed.Job.Id, error.Code, error.Message);
        await WriteAsync(claimed, "failed", token => jobs.FailAsync(claimed, error, mayPass, token), lost);
    }

    public Task CancelAsync(ClaimedJob claimed, CancellationToken lost) =>
        WriteAsync(claimed, "cancelled", token => jobs.CancelAsync(claimed, token), lost);

    /// <summary>Gives the job back at once, rather than when its lease ends.</summary>
    public async Task ReturnAsync(ClaimedJob claimed, CancellationToken lost)
    {
        using var deadline = new CancellationTokenSource(_returnDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost, deadline.Token);
        await WriteAsync(claimed, "returned", token => jobs.ReturnAsync(claimed, token), either.Token);
    }

    private async Task WriteAsync(
        ClaimedJob claimed, string ending, Func<CancellationToken, Task<JobWrite>> write, CancellationToken giveUp)
    {
        try
        {
            while (true)
            {
                if (await TryWriteAsync(claimed, write, giveUp) is { } answer)
                {
                    LogEnded(claimed.Job.Kind, claimed.Job.Id, ending, answer);
                    return;
                }

                await Task.Delay(_retryDelay, time, giveUp);
            }
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            LogNotTold(claimed.Job.Id, ending);
        }
    }

    private async Task<JobWrite?> TryWriteAsync(
        ClaimedJob claimed, Func<CancellationToken, Task<JobWrite>> write, CancellationToken giveUp)
    {
        try
        {
            return await write(giveUp);
        }
        catch (Exception exception) when (DatabaseErrors.IsAway(exception))
        {
            LogNotWritten(claimed.Job.Id, exception.Message);
            return null;
        }
    }

    [LoggerMessage(2040, LogLevel.Information, "{Kind} job {Job} has {Ending}; the control plane says {Answer}.")]
    private partial void LogEnded(JobKind kind, Guid job, string ending, JobWrite answer);

    [LoggerMessage(2041, LogLevel.Warning, "{Kind} job {Job} failed ({Code}): {Reason}")]
    private partial void LogFailed(JobKind kind, Guid job, string code, string reason);

    [LoggerMessage(2042, LogLevel.Debug, "The end of job {Job} could not be stored yet: {Reason}")]
    private partial void LogNotWritten(Guid job, string reason);

    [LoggerMessage(2043, LogLevel.Warning,
        "Job {Job} has {Ending}, but the control plane could not be told while the lease lasted. Another worker "
            + "will find it so.")]
    private partial void LogNotTold(Guid job, string ending);
}
