using Continuity.Contracts.ArtefactSets;
using Continuity.Contracts.Jobs;
using Continuity.Contracts.Messages;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Leases;
using Continuity.ControlPlane.Messaging;
using Continuity.ControlPlane.Protection;

namespace Continuity.ControlPlane.Jobs;

/// <summary>Finds a job that can run and takes it under its artefact set's lease, in one transaction.</summary>
internal sealed class JobClaimer(ControlPlaneDatabase database, Outbox outbox, TimeProvider time)
{
    // Candidates are looked up without locks; another worker may be quicker, so there are a few to try.
    private const int Candidates = 16;

    private enum Claim
    {
        /// <summary>Another worker was quicker, or the job needed no worker any more.</summary>
        Missed,
        Taken,
    }

    public async Task<ClaimedJob?> ClaimAsync(JobClaim claim, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(claim.Worker);
        foreach (var (jobId, artefactSet) in await FindCandidatesAsync(claim, cancellationToken))
        {
            var request = new LeaseRequest(
                JobSql.LeaseName(artefactSet), claim.Worker, claim.TimeToLive, time.GetTimestamp());
            var (outcome, claimed) = await database.WriteAsync(
                (unit, token) => TryTakeAsync(unit, jobId, request, token), cancellationToken);
            if (outcome == Claim.Taken)
            {
                return claimed;
            }
        }

        return null;
    }

    // One per artefact set, its oldest: jobs of a set run one at a time and in order, except while one backs off.
    private Task<List<(Guid JobId, string ArtefactSet)>> FindCandidatesAsync(
        JobClaim claim, CancellationToken cancellationToken) =>
        database.ReadAsync(
            (unit, token) => unit.ReadAllAsync(
                """
                SELECT id, artefact_set FROM (
                    SELECT DISTINCT ON (job.artefact_set) job.id, job.artefact_set, job.sequence
                    FROM jobs job LEFT JOIN leases lease ON lease.name = 'artefact-set/' || job.artefact_set
                    WHERE job.state IN ('queued', 'running') AND job.kind = ANY($1)
                        AND job.runnable_at <= clock_timestamp()
                        AND (lease.name IS NULL OR lease.expires_at <= clock_timestamp())
                    ORDER BY job.artefact_set, job.sequence) AS first
                ORDER BY sequence LIMIT $2
                """,
                [claim.Kinds.Select(EnumText<JobKind>.Format).ToArray(), Candidates],
                row => (row.GetGuid(0), row.GetString(1)),
                token),
            cancellationToken);

    private async Task<(Claim Outcome, ClaimedJob? Claimed)> TryTakeAsync(
        UnitOfWork unit, Guid jobId, LeaseRequest request, CancellationToken cancellationToken)
    {
        var lease = await LeaseStore.TryAcquireAsync(unit, request, cancellationToken);
        if (lease is null)
        {
            return (Claim.Missed, null);
        }

        var job = await unit.ReadFirstAsync(
            $"""
            SELECT {JobSql.Columns} FROM jobs
            WHERE id = $1 AND state IN ('queued', 'running') AND runnable_at <= clock_timestamp() FOR UPDATE
            """,
            [jobId],
            JobSql.ReadJob,
            cancellationToken);
        var set = job is null ? null : await ReadSetAsync(unit, job.ArtefactSet, cancellationToken);
        if (job is null)
        {
            await LeaseStore.ReleaseAsync(unit, lease, cancellationToken);
            return (Claim.Missed, null);
        }

        await EndLostAttemptsAsync(unit, job.ArtefactSet, cancellationToken);
        if (WhyNotToRun(job, set) is { } ending)
        {
            await EndUnrunAsync(unit, job, ending, cancellationToken);
            await LeaseStore.ReleaseAsync(unit, lease, cancellationToken);
            return (Claim.Missed, null);
        }

        var taken = await StartAttemptAsync(unit, job, lease, cancellationToken);
        return (Claim.Taken, new ClaimedJob(taken, set!, lease)); // not null: WhyNotToRun has seen it
    }

    // The set's lease was free, so whoever was running a job of the set has lost it: this job, or another one that a
    // worker of another role will take up again.
    private static Task<int> EndLostAttemptsAsync(
        UnitOfWork unit, string artefactSet, CancellationToken cancellationToken) =>
        unit.ExecuteAsync(
            """
            UPDATE job_attempts attempt SET outcome = 'lost', ended_at = clock_timestamp()
            FROM jobs job
            WHERE job.id = attempt.job_id AND job.artefact_set = $1 AND job.state IN ('queued', 'running')
                AND attempt.outcome = 'running'
            """,
            [artefactSet],
            cancellationToken);

    private static (JobState State, JobError? Error)? WhyNotToRun(Job job, ArtefactSet? set)
    {
        if (job.CancelRequested)
        {
            return (JobState.Cancelled, null);
        }

        if (set is null)
        {
            return (JobState.Failed, new JobError(
                "unknown-artefact-set", $"Artefact set '{job.ArtefactSet}' is no longer declared."));
        }

        return job.Attempts < job.MaxAttempts
            ? null
            : (JobState.Failed, new JobError(
                "attempts-exhausted",
                $"The job was given up after {job.Attempts} attempts; the last worker, {job.Worker}, "
                + "stopped without saying why. See its log, then retry the job."));
    }

    private async Task EndUnrunAsync(
        UnitOfWork unit, Job job, (JobState State, JobError? Error) ending, CancellationToken cancellationToken)
    {
        await unit.ExecuteAsync(
            "UPDATE jobs SET state = $2, error_code = $3, error_message = $4, completed_at = now() WHERE id = $1",
            [job.Id, EnumText<JobState>.Format(ending.State), ending.Error?.Code, ending.Error?.Message],
            cancellationToken);
        await outbox.AddAsync(
            unit,
            JobSql.Message(Topics.Events, MessageTypes.JobCompleted, job with { State = ending.State }),
            cancellationToken);
    }

    private async Task<Job> StartAttemptAsync(UnitOfWork unit, Job job, Lease lease,
        CancellationToken cancellationToken)
    {
        var taken = await unit.ReadFirstAsync(
            $"""
            UPDATE jobs SET state = 'running', attempts = attempts + 1, worker = $2, fencing_token = $3,
                started_at = coalesce(started_at, now())
            WHERE id = $1 RETURNING {JobSql.Columns}
            """,
            [job.Id, lease.Holder, lease.FencingToken],
            JobSql.ReadJob,
            cancellationToken)
            ?? throw new System.Diagnostics.UnreachableException("The job's row is locked and gone.");
        await unit.ExecuteAsync(
            // The statement's time: the transaction's own start may lie before the end of the attempt it waited for.
            """
            INSERT INTO job_attempts (job_id, number, worker, fencing_token, started_at)
            VALUES ($1, $2, $3, $4, clock_timestamp())
            """,
            [taken.Id, taken.Attempts, lease.Holder, lease.FencingToken],
            cancellationToken);
        await outbox.AddAsync(unit, JobSql.Message(Topics.Events, MessageTypes.JobStarted, taken), cancellationToken);
        return taken;
    }

    private static Task<ArtefactSet?> ReadSetAsync(UnitOfWork unit, string name, CancellationToken cancellationToken) =>
        unit.ReadFirstAsync(
            """
            SELECT source_site, source_path, targets, deletions, archives_site, archives_path, created_at, updated_at
            FROM artefact_sets WHERE name = $1
            """,
            [name],
            row => new ArtefactSet
            {
                Name = name,
                Source = new SitePath { Site = row.GetString(0), Path = row.GetString(1) },
                Targets = ArtefactSetRow.ParseTargets(row.GetString(2)),
                Deletions = EnumText<DeletionPolicy>.Parse(row.GetString(3)),
                Archives = row.IsDBNull(4) || row.IsDBNull(5)
                    ? null
                    : new SitePath { Site = row.GetString(4), Path = row.GetString(5) },
                CreatedAt = row.GetFieldValue<DateTimeOffset>(6),
                UpdatedAt = row.GetFieldValue<DateTimeOffset>(7),
            },
            cancellationToken);
}
