using Continuity.Contracts.Jobs;
using Continuity.Contracts.Messages;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Leases;
using Continuity.ControlPlane.Messaging;

namespace Continuity.ControlPlane.Jobs;

/// <summary>The workers' side of jobs: take one, tell how far it is, end it.</summary>
/// <remarks>
/// Every write locks the lease's row first and goes on only while its token is the newest, so that whoever lost the
/// lease can change nothing any more, however late its write arrives. A lease has one row per artefact set, which is
/// always locked before the job's: there is no order in which two of these transactions could wait for each other.
/// </remarks>
public sealed class WorkerJobs
{
    private static readonly TimeSpan _firstRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestRetryDelay = TimeSpan.FromMinutes(1);

    private readonly ControlPlaneDatabase _database;
    private readonly JobClaimer _claimer;
    private readonly Outbox _outbox;

    internal WorkerJobs(ControlPlaneDatabase database, JobClaimer claimer, Outbox outbox)
    {
        _database = database;
        _claimer = claimer;
        _outbox = outbox;
    }

    /// <summary>Takes the oldest job that can run now; <see langword="null"/> when there is none.</summary>
    /// <remarks>That includes jobs whose worker let its lease end: they are resumed with a larger token.</remarks>
    public Task<ClaimedJob?> ClaimAsync(JobClaim claim, CancellationToken cancellationToken) =>
        _claimer.ClaimAsync(claim, cancellationToken);

    /// <summary>Tells how far the job is.</summary>
    public Task<JobWrite> ReportProgressAsync(
        ClaimedJob claimed, JobProgress progress, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            async (unit, token) =>
            {
                if (!await LeaseStore.IsNewestAsync(unit, claimed.Lease, token))
                {
                    return JobWrite.Refused;
                }

                var cancel = await unit.ReadFirstAsync<bool?>(
                    """
                    UPDATE jobs SET progress = $3::jsonb
                    WHERE id = $1 AND fencing_token = $2 AND state = 'running' RETURNING cancel_requested
                    """,
                    [claimed.Job.Id, claimed.Lease.FencingToken, JobSql.Format(progress)],
                    row => row.GetBoolean(0),
                    token);
                return cancel switch
                {
                    null => JobWrite.Refused,
                    true => JobWrite.CancelRequested,
                    false => JobWrite.Accepted,
                };
            },
            cancellationToken);

    /// <summary>Ends the job as done and gives the lease back. Repeating it does no harm.</summary>
    public Task<JobWrite> CompleteAsync(ClaimedJob claimed, JobResult result, CancellationToken cancellationToken) =>
        EndAsync(claimed, new JobEnd(JobState.Succeeded, AttemptOutcome.Succeeded) { Result = result },
            cancellationToken);

    /// <summary>Ends the job as stopped on request and gives the lease back.</summary>
    public Task<JobWrite> CancelAsync(ClaimedJob claimed, CancellationToken cancellationToken) =>
        EndAsync(claimed, new JobEnd(JobState.Cancelled, AttemptOutcome.Cancelled), cancellationToken);

    /// <summary>Ends the attempt as failed and gives the lease back.</summary>
    /// <param name="claimed">The job.</param>
    /// <param name="error">Why.</param>
    /// <param name="retry">Whether another attempt may help: it follows after a back-off, up to the job's
    /// limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<JobWrite> FailAsync(
        ClaimedJob claimed, JobError error, bool retry, CancellationToken cancellationToken)
    {
        var again = retry && claimed.Job.Attempts < claimed.Job.MaxAttempts;
        var end = new JobEnd(again ? JobState.Queued : JobState.Failed, AttemptOutcome.Failed) { Error = error };
        return EndAsync(claimed, end, cancellationToken);
    }

    /// <summary>
    /// Puts a job back that its worker must leave unfinished (it shuts down); it can run again at once.
    /// </summary>
    public Task<JobWrite> ReturnAsync(ClaimedJob claimed, CancellationToken cancellationToken) =>
        EndAsync(claimed, new JobEnd(JobState.Queued, AttemptOutcome.Lost), cancellationToken);

    private static TimeSpan RetryDelay(int attempts)
    {
        var delay = _firstRetryDelay * Math.Pow(2, Math.Min(attempts, 30) - 1);
        return delay < _longestRetryDelay ? delay : _longestRetryDelay;
    }

    private Task<JobWrite> EndAsync(ClaimedJob claimed, JobEnd end, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            async (unit, token) =>
            {
                if (!await LeaseStore.IsNewestAsync(unit, claimed.Lease, token))
                {
                    return JobWrite.Refused;
                }

                var job = await WriteEndAsync(unit, claimed, end, token);
                if (job is null)
                {
                    return await IsEndedAlreadyAsync(unit, claimed, end, token) ? JobWrite.Accepted : JobWrite.Refused;
                }

                await unit.ExecuteAsync(
                    """
                    UPDATE job_attempts SET outcome = $3, error_code = $4, error_message = $5,
                        ended_at = clock_timestamp()
                    WHERE job_id = $1 AND fencing_token = $2
                    """,
                    [
                        claimed.Job.Id, claimed.Lease.FencingToken, EnumText<AttemptOutcome>.Format(end.Outcome),
                        end.Error?.Code, end.Error?.Message,
                    ],
                    token);
                await LeaseStore.ReleaseAsync(unit, claimed.Lease, token);
                await _outbox.AddAsync(
                    unit,
                    end.State == JobState.Queued
                        ? JobSql.Message(Topics.Commands, MessageTypes.JobQueued, job)
                        : JobSql.Message(Topics.Events, MessageTypes.JobCompleted, job),
                    token);
                return JobWrite.Accepted;
            },
            cancellationToken);

    private static Task<Job?> WriteEndAsync(
        UnitOfWork unit, ClaimedJob claimed, JobEnd end, CancellationToken cancellationToken)
    {
        var delay = end.Outcome == AttemptOutcome.Failed ? RetryDelay(claimed.Job.Attempts) : TimeSpan.Zero;
        return unit.ReadFirstAsync(
            $"""
            UPDATE jobs SET
                state = $3, result = $4::jsonb, error_code = $5, error_message = $6, runnable_at = now() + $7,
                completed_at = CASE WHEN $3 = 'queued' THEN NULL ELSE now() END
            WHERE id = $1 AND fencing_token = $2 AND state = 'running'
            RETURNING {JobSql.Columns}
            """,
            [
                claimed.Job.Id, claimed.Lease.FencingToken, EnumText<JobState>.Format(end.State),
                end.Result is null ? null : JobSql.Format(end.Result), end.Error?.Code, end.Error?.Message, delay,
            ],
            JobSql.ReadJob,
            cancellationToken);
    }

    // A worker that never heard the answer asks again: what it wants is what it already has.
    private static async Task<bool> IsEndedAlreadyAsync(
        UnitOfWork unit, ClaimedJob claimed, JobEnd end, CancellationToken cancellationToken) =>
        await unit.ReadFirstAsync(
            "SELECT true FROM jobs WHERE id = $1 AND fencing_token = $2 AND state = $3",
            [claimed.Job.Id, claimed.Lease.FencingToken, EnumText<JobState>.Format(end.State)],
            row => row.GetBoolean(0),
            cancellationToken);

    private sealed record JobEnd(JobState State, AttemptOutcome Outcome)
    {
        public JobResult? Result { get; init; }

        public JobError? Error { get; init; }
    }
}
