using Continuity.Contracts.Jobs;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Jobs;
using Continuity.ControlPlane.Leases;
using Continuity.Workers.Fencing;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Jobs;

/// <summary>
/// Does one claimed job to its end, or to the moment when it must let go: the lease is lost, somebody asked to stop
/// it, or the process ends. What was done stays done; whoever takes the job next goes on from there.
/// </summary>
internal sealed partial class JobRunner(
    JobExecutor executor, JobReporter reporter, JobEnding ending, JobLeases leases, ILogger<JobRunner> logger)
{
    public async Task RunAsync(ClaimedJob claimed, CancellationToken stopping)
    {
        LogStarted(
            claimed.Job.Kind,
            claimed.Job.Id,
            claimed.Job.ArtefactSet,
            claimed.Lease.FencingToken,
            claimed.Job.Attempts);
        await using var keeper = leases.Keep(claimed.Lease);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, keeper.Lost);
        using var ended = new CancellationTokenSource();
        var progress = new WorkProgress();
        var reporting = WatchAsync(claimed, progress, stop, ended.Token);
        var outcome = await ExecuteAsync(claimed, progress, stop.Token);
        await ended.CancelAsync();
        var answer = await reporting;
        switch (outcome)
        {
            case JobOutcome.Done done:
                await ReportLastAsync(claimed, progress, keeper.Lost);
                await ending.CompleteAsync(claimed, done.Result, keeper.Lost);
                break;
            case JobOutcome.Failed failed:
                await ending.FailAsync(claimed, failed.Error, failed.MayPass, keeper.Lost);
                break;
            case JobOutcome.Stopped when answer == JobWrite.CancelRequested:
                await ending.CancelAsync(claimed, keeper.Lost);
                break;
            case JobOutcome.Stopped when stopping.IsCancellationRequested && keeper.IsTrusted:
                await ending.ReturnAsync(claimed, keeper.Lost);
                break;
            default:
                LogLost(claimed.Job.Id, claimed.Lease.FencingToken);
                break;
        }
    }

    private async Task<JobWrite> WatchAsync(
        ClaimedJob claimed, WorkProgress progress, CancellationTokenSource stop, CancellationToken ended)
    {
        var answer = await reporter.ReportAsync(claimed, progress, ended);
        if (answer != JobWrite.Accepted)
        {
            await stop.CancelAsync();
        }

        return answer;
    }

    private async Task ReportLastAsync(ClaimedJob claimed, WorkProgress progress, CancellationToken lost)
    {
        try
        {
            await reporter.ReportLastAsync(claimed, progress, lost);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // The end of the job cannot be told either, and that is logged.
        }
    }

    private async Task<JobOutcome> ExecuteAsync(
        ClaimedJob claimed, WorkProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            return new JobOutcome.Done(await executor.ExecuteAsync(claimed, progress, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new JobOutcome.Stopped();
        }
        catch (JobFailureException failure)
        {
            return new JobOutcome.Failed(new JobError(failure.Code, failure.Message), failure.MayPass);
        }
        catch (StaleFencingTokenException refusal)
        {
            // If another worker has the job, the control plane refuses this too. If it does not, somebody must act.
            LogRefused(claimed.Job.Id, refusal.Message);
            return new JobOutcome.Failed(new JobError(FailureCodes.StaleFencingToken, refusal.Message), MayPass: false);
        }
        catch (Exception exception) when (DatabaseErrors.IsAway(exception))
        {
            return new JobOutcome.Failed(new JobError(FailureCodes.InputOutput, exception.Message), MayPass: true);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A job that trips over a mistake of ours must not take the other jobs of this process, and then the next
            // worker, with it.
            LogUnexpected(exception, claimed.Job.Id);
            return new JobOutcome.Failed(
                new JobError(
                    FailureCodes.Unexpected,
                    $"{exception.GetType().Name}: {exception.Message} See the worker's log."),
                MayPass: true);
        }
    }

    [LoggerMessage(2030, LogLevel.Information,
        "{Kind} job {Job} of {ArtefactSet} begins, with fencing token {Token}, attempt {Attempt}.")]
    private partial void LogStarted(JobKind kind, Guid job, string artefactSet, long token, int attempt);

    [LoggerMessage(2031, LogLevel.Warning,
        "Job {Job} is let go: its lease with fencing token {Token} is lost. Another worker goes on from here.")]
    private partial void LogLost(Guid job, long token);

    [LoggerMessage(2032, LogLevel.Warning, "Job {Job} was refused a write: {Reason}")]
    private partial void LogRefused(Guid job, string reason);

    [LoggerMessage(2033, LogLevel.Error, "Job {Job} failed in a way that it should not be able to.")]
    private partial void LogUnexpected(Exception exception, Guid job);
}

/// <summary>Keeps the leases of jobs alive.</summary>
internal sealed class JobLeases(
    LeaseStore store, IOptions<LeaseOptions> options, TimeProvider time, ILogger<LeaseKeeper> logger)
{
    public LeaseKeeper Keep(Lease lease) => new(store, lease, options.Value, time, logger);
}

/// <summary>How the work on a job ended.</summary>
internal abstract record JobOutcome
{
    private JobOutcome()
    {
    }

    internal sealed record Done(JobResult Result) : JobOutcome;

    internal sealed record Failed(JobError Error, bool MayPass) : JobOutcome;

    /// <summary>It was told to stop, and did.</summary>
    internal sealed record Stopped : JobOutcome;
}
