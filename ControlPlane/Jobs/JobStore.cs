using System.Security.Cryptography;
using Continuity.Contracts;
using Continuity.Contracts.Jobs;
using Continuity.Contracts.Messages;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Messaging;

namespace Continuity.ControlPlane.Jobs;

/// <summary>The askers' side of jobs: create, look, stop, try again.</summary>
public sealed class JobStore
{
    /// <summary>So often is a job tried before it's given up; a worker that dies uses up an attempt too.</summary>
    public const int MaxAttempts = 10;

    private readonly ControlPlaneDatabase _database;
    private readonly Outbox _outbox;
    private readonly TimeProvider _time;

    internal JobStore(ControlPlaneDatabase database, Outbox outbox, TimeProvider time)
    {
        _database = database;
        _outbox = outbox;
        _time = time;
    }

    /// <summary>Writes the job's row and its command in one transaction.</summary>
    public Task<JobCreation> CreateAsync(
        CreateJobRequest request, JobAsker asker, CancellationToken cancellationToken)
    {
        // Chosen outside of the transaction: a repetition writes the same job.
        var id = Guid.CreateVersion7(_time.GetUtcNow());
        var digest = Convert.ToHexStringLower(SHA256.HashData(
            System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(request, System.Text.Json.JsonSerializerOptions.Web)));
        return _database.WriteAsync(
            async (unit, token) =>
            {
                if (await FindEarlierAsync(unit, asker, token) is var (earlier, earlierDigest) && earlier is not null)
                {
                    return earlierDigest == digest
                        ? new JobCreation.Repeated(earlier)
                        : (JobCreation)new JobCreation.KeyUsedOtherwise(earlier);
                }

                if (await CheckAsync(unit, request, token) is { } refusal)
                {
                    return refusal;
                }

                var job = await InsertAsync(unit, id, digest, request, asker, token);
                await _outbox.AddAsync(unit, JobSql.Message(Topics.Commands, MessageTypes.JobQueued, job), token);
                return new JobCreation.Created(job);
            },
            cancellationToken);
    }

    public Task<Job?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        _database.ReadAsync((unit, token) => FindAsync(unit, id, token), cancellationToken);

    /// <summary>Newest first.</summary>
    public Task<Page<Job>> ListAsync(JobFilter filter, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            async (unit, token) =>
            {
                var rows = await unit.ReadAllAsync(
                    $"""
                    SELECT {JobSql.Columns}, sequence FROM jobs
                    WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR artefact_set = $2)
                        AND ($3::text IS NULL OR kind = $3) AND ($4::bigint IS NULL OR sequence < $4)
                    ORDER BY sequence DESC LIMIT $5
                    """,
                    [
                        filter.State is { } state ? EnumText<JobState>.Format(state) : null, filter.ArtefactSet,
                        filter.Kind is { } kind ? EnumText<JobKind>.Format(kind) : null, filter.Before,
                            filter.Limit + 1,
                    ],
                    row => (Job: JobSql.ReadJob(row), Sequence: row.GetInt64(22)),
                    token);
                var more = rows.Count > filter.Limit;
                return new Page<Job>(
                    [.. rows.Take(filter.Limit).Select(row => row.Job)],
                    more ? Cursor.Format(rows[filter.Limit - 1].Sequence) : null);
            },
            cancellationToken);

    /// <summary>All attempts of a job, first to last; <see langword="null"/> when there is no such job.</summary>
    public Task<IReadOnlyList<JobAttempt>?> ListAttemptsAsync(Guid id, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<JobAttempt>?>(
            async (unit, token) => await FindAsync(unit, id, token) is null
                ? null
                : await unit.ReadAllAsync(
                    """
                    SELECT job_id, number, worker, fencing_token, outcome, error_code, error_message, started_at,
                        ended_at
                    FROM job_attempts WHERE job_id = $1 ORDER BY number
                    """,
                    [id],
                    JobSql.ReadAttempt,
                    token),
            cancellationToken);

    /// <summary>Stops a waiting job at once, and asks a running one to stop at its next step.</summary>
    public Task<JobChange> RequestCancelAsync(Guid id, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            """
            UPDATE jobs SET
                cancel_requested = true,
                state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END,
                completed_at = CASE WHEN state = 'queued' THEN now() END
            WHERE id = $1 AND state IN ('queued', 'running')
            """,
            job => job.State == JobState.Cancelled ? (Topics.Events, MessageTypes.JobCompleted) : null,
            cancellationToken);

    /// <summary>Queues a failed or cancelled job again, with as many attempts as a new one.</summary>
    public Task<JobChange> RetryAsync(Guid id, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            $"""
            UPDATE jobs SET
                state = 'queued', cancel_requested = false, max_attempts = attempts + {MaxAttempts},
                runnable_at = now(), completed_at = NULL
            WHERE id = $1 AND state IN ('failed', 'cancelled')
            """,
            _ => (Topics.Commands, MessageTypes.JobQueued),
            cancellationToken);

    private Task<JobChange> ChangeAsync(
        Guid id, string update, Func<Job, (string Topic, string Type)?> message, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            async (unit, token) =>
            {
                var job = await unit.ReadFirstAsync($"{update} RETURNING {JobSql.Columns}", [id], JobSql.ReadJob,
                    token);
                if (job is null)
                {
                    return await FindAsync(unit, id, token) is { } other
                        ? new JobChange.NotNow(other)
                        : (JobChange)new JobChange.UnknownJob();
                }

                if (message(job) is var (topic, type))
                {
                    await _outbox.AddAsync(unit, JobSql.Message(topic, type, job), token);
                }

                return new JobChange.Changed(job);
            },
            cancellationToken);

    private static Task<Job?> FindAsync(UnitOfWork unit, Guid id, CancellationToken cancellationToken) =>
        unit.ReadFirstAsync(
            $"SELECT {JobSql.Columns} FROM jobs WHERE id = $1", [id], JobSql.ReadJob, cancellationToken);

    private static Task<(Job? Job, string Digest)> FindEarlierAsync(
        UnitOfWork unit, JobAsker asker, CancellationToken cancellationToken) =>
        asker.IdempotencyKey is null
            ? Task.FromResult<(Job?, string)>(default)
            : unit.ReadFirstAsync(
                $"SELECT {JobSql.Columns}, request_sha256 FROM jobs WHERE tenant = $1 AND idempotency_key = $2",
                [asker.Tenant, asker.IdempotencyKey],
                row => ((Job?)JobSql.ReadJob(row), row.GetString(22)),
                cancellationToken);

    private static JobKind KindOf(CreateJobRequest request) => request.Kind
        ?? throw new ArgumentException("A job without a kind got past the validation.", nameof(request));

    private static async Task<JobCreation?> CheckAsync(
        UnitOfWork unit, CreateJobRequest request, CancellationToken cancellationToken)
    {
        // The lock keeps the set from being deleted until its job is there to prevent that.
        var set = await unit.ReadFirstAsync(
            "SELECT targets, archives_site FROM artefact_sets WHERE name = $1 FOR KEY SHARE",
            [request.ArtefactSet],
            row => (Targets: Protection.ArtefactSetRow.ParseTargets(row.GetString(0)), HasArchives: !row.IsDBNull(1)),
            cancellationToken);
        if (set.Targets is null)
        {
            return new JobCreation.UnknownArtefactSet();
        }

        return KindOf(request) switch
        {
            JobKind.Sync when set.Targets.Count == 0 => new JobCreation.Invalid(
                "kind", $"Artefact set '{request.ArtefactSet}' has no targets to synchronise to; declare one first."),
            JobKind.Sync when request.TargetSite is { } site && set.Targets.All(target => target.Site != site) =>
                new JobCreation.Invalid(
                    "targetSite", $"Artefact set '{request.ArtefactSet}' has no target at site '{site}'."),
            JobKind.Backup or JobKind.Restore when !set.HasArchives => new JobCreation.Invalid(
                "kind", $"Artefact set '{request.ArtefactSet}' has no archives folder; declare one first."),
            JobKind.Restore => await CheckDestinationAsync(unit, request, cancellationToken),
            _ => null,
        };
    }

    private static async Task<JobCreation?> CheckDestinationAsync(
        UnitOfWork unit, CreateJobRequest request, CancellationToken cancellationToken)
    {
        var destination = request.Destination
            ?? throw new ArgumentException("A restore without a destination got past the validation.", nameof(request));
        var roots = await unit.ReadFirstAsync(
            "SELECT storage_roots FROM sites WHERE id = $1",
            [destination.Site],
            row => row.GetFieldValue<string[]>(0),
            cancellationToken);
        if (roots is null)
        {
            return new JobCreation.Invalid("destination.site", $"Site '{destination.Site}' is not declared.");
        }

        return Protection.SitePaths.WhyInvalid(destination, roots) is { } reason
            ? new JobCreation.Invalid("destination.path", reason)
            : null;
    }

    private static async Task<Job> InsertAsync(
        UnitOfWork unit, Guid id, string digest, CreateJobRequest request, JobAsker asker, CancellationToken token) =>
        await unit.ReadFirstAsync(
            $"""
            INSERT INTO jobs (id, kind, artefact_set, target_site, archive, destination_site, destination_path,
                existing, max_attempts, tenant, idempotency_key, request_sha256)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, {MaxAttempts}, $9, $10, $11)
            RETURNING {JobSql.Columns}
            """,
            [
                id, EnumText<JobKind>.Format(KindOf(request)), request.ArtefactSet, request.TargetSite, request.Archive,
                request.Destination?.Site, request.Destination?.Path, EnumText<ExistingFiles>.Format(request.Existing),
                asker.Tenant, asker.IdempotencyKey, digest,
            ],
            JobSql.ReadJob,
            token) ?? throw new System.Diagnostics.UnreachableException("INSERT ... RETURNING answered no row.");
}
