using Continuity.Contracts.Jobs;
using Continuity.ControlPlane.Jobs;
using Continuity.Testing.Postgres;

namespace Continuity.ControlPlane.Tests.Jobs;

public sealed class WorkerJobsTests(PostgresFixture postgres)
{
    private static readonly JobKind[] _all = Enum.GetValues<JobKind>();
    private static readonly JobError _error = new("disk-full", "The disk is full.");

    [Fact]
    public async Task Claim_OneOfTwoJobsOfASet_LeavesTheOtherForLater()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        await plane.DeclareSetsAsync("weights");
        var first = await plane.CreateJobAsync("weights");
        var second = await plane.CreateJobAsync("weights", JobKind.Backup);

        var claimed = await ClaimAsync(plane, "worker-1");
        var none = await ClaimAsync(plane, "worker-2");
        await plane.Get<WorkerJobs>().CompleteAsync(claimed!, new JobResult(), CancellationToken.None);
        var next = await ClaimAsync(plane, "worker-2");

        Assert.Equal(first.Id, claimed?.Job.Id);
        Assert.Null(none);
        Assert.Equal(second.Id, next?.Job.Id);
        Assert.True(next?.Lease.FencingToken > claimed?.Lease.FencingToken);
    }

    [Fact]
    public async Task Claim_OfAnotherKind_FindsNothing()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        await plane.DeclareSetsAsync("weights");
        await plane.CreateJobAsync("weights", JobKind.Sync);

        var claim = new JobClaim("worker-1", [JobKind.Backup, JobKind.Restore], TimeSpan.FromMinutes(1));

        Assert.Null(await plane.Get<WorkerJobs>().ClaimAsync(claim, CancellationToken.None));
    }

    [Fact]
    public async Task Claim_AfterTheWorkerDied_ResumesAndKeepsTheAttempts()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        await plane.DeclareSetsAsync("weights");
        var job = await plane.CreateJobAsync("weights");
        await ClaimAsync(plane, "worker-1");
        await EndLeasesAsync(plane);

        var resumed = await ClaimAsync(plane, "worker-2");

        Assert.Equal(2, resumed?.Job.Attempts);
        var attempts = await plane.Get<JobStore>().ListAttemptsAsync(job.Id, CancellationToken.None);
        Assert.Equal(
            [("worker-1", 1L, AttemptOutcome.Lost), ("worker-2", 2L, AttemptOutcome.Running)],
            attempts!.Select(attempt => (attempt.Worker, attempt.FencingToken, attempt.Outcome)));
    }

    [Fact]
    public async Task EveryWrite_WithAnOldToken_IsRefused()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        var jobs = plane.Get<WorkerJobs>();
        await plane.DeclareSetsAsync("weights");
        await plane.CreateJobAsync("weights");
        var old = await ClaimAsync(plane, "worker-1");
        await EndLeasesAsync(plane);
        var current = await ClaimAsync(plane, "worker-2");

        JobWrite[] writes =
        [
            await jobs.ReportProgressAsync(old!, new JobProgress { FilesDone = 9 }, default),
            await jobs.CompleteAsync(old!, new JobResult(), default),
            await jobs.FailAsync(old!, _error, retry: true, default),
            await jobs.FailAsync(old!, _error, retry: false, default),
            await jobs.CancelAsync(old!, default),
            await jobs.ReturnAsync(old!, default),
        ];

        Assert.All(writes, write => Assert.Equal(JobWrite.Refused, write));
        var job = await plane.Get<JobStore>().FindAsync(current!.Job.Id, default);
        Assert.Equal((JobState.Running, "worker-2", (JobProgress?)null), (job!.State, job.Worker, job.Progress));
    }

    [Fact]
    public async Task Complete_WhenAnotherJobOfTheSetHasTheLease_IsRefused()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        await plane.DeclareSetsAsync("weights");
        await plane.CreateJobAsync("weights", JobKind.Sync);
        var old = await ClaimAsync(plane, "worker-1");
        await plane.CreateJobAsync("weights", JobKind.Backup);
        await EndLeasesAsync(plane);
        var backup = new JobClaim("worker-2", [JobKind.Backup], TimeSpan.FromMinutes(1));
        Assert.NotNull(await plane.Get<WorkerJobs>().ClaimAsync(backup, default));

        var write = await plane.Get<WorkerJobs>().CompleteAsync(old!, new JobResult(), default);

        Assert.Equal(JobWrite.Refused, write);
    }

    [Fact]
    public async Task Claim_OfAnotherJobOfTheSet_EndsTheAttemptThatLostTheLease()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        await plane.DeclareSetsAsync("weights");
        var sync = await plane.CreateJobAsync("weights", JobKind.Sync);
        var backup = await plane.CreateJobAsync("weights", JobKind.Backup);
        Assert.NotNull(await ClaimAsync(plane, "worker-1"));
        await EndLeasesAsync(plane);

        Assert.NotNull(await plane.Get<WorkerJobs>().ClaimAsync(
            new JobClaim("worker-2", [JobKind.Backup], TimeSpan.FromMinutes(1)), default));

        var lost = Assert.Single((await plane.Get<JobStore>().ListAttemptsAsync(sync.Id, default))!);
        var next = Assert.Single((await plane.Get<JobStore>().ListAttemptsAsync(backup.Id, default))!);
        Assert.Equal(AttemptOutcome.Lost, lost.Outcome);
        Assert.True(lost.EndedAt <= next.StartedAt, $"{lost} {next}");
    }

    [Fact]
    public async Task Complete_Twice_IsAcceptedTwiceAndCountedOnce()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        var jobs = plane.Get<WorkerJobs>();
        await plane.DeclareSetsAsync("weights");
        await plane.CreateJobAsync("weights");
        var claimed = await ClaimAsync(plane, "worker-1");
        var result = new JobResult { FilesWritten = 3, BytesWritten = 42 };

        Assert.Equal(JobWrite.Accepted, await jobs.CompleteAsync(claimed!, result, default));
        Assert.Equal(JobWrite.Accepted, await jobs.CompleteAsync(claimed!, result, default));

        var job = await plane.Get<JobStore>().FindAsync(claimed!.Job.Id, default);
        Assert.Equal((JobState.Succeeded, result), (job!.State, job.Result));
        Assert.Equal(1, await plane.ScalarAsync<long>(
            "SELECT count(*) FROM outbox WHERE convert_from(payload, 'UTF8') LIKE '%continuity.job.completed%'"));
    }

    [Fact]
    public async Task Fail_WithRetry_WaitsBeforeTheNextAttempt()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        await plane.DeclareSetsAsync("weights");
        await plane.CreateJobAsync("weights");
        // After many attempts the wait is longer than any stall of the machine.
        await plane.SqlAsync("UPDATE jobs SET attempts = 7");
        var claimed = await ClaimAsync(plane, "worker-1");

        await plane.Get<WorkerJobs>().FailAsync(claimed!, _error, retry: true, default);

        var job = await plane.Get<JobStore>().FindAsync(claimed!.Job.Id, default);
        Assert.Equal((JobState.Queued, _error), (job!.State, job.Error));
        Assert.True(job.RunnableAt > job.StartedAt);
        Assert.Null(await ClaimAsync(plane, "worker-2"));
        await plane.SqlAsync("UPDATE jobs SET runnable_at = clock_timestamp()");
        Assert.Equal(job.Id, (await ClaimAsync(plane, "worker-2"))?.Job.Id);
    }

    [Fact]
    public async Task Claim_OfAJobThatKillsItsWorkers_GivesItUpInTheEnd()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        await plane.DeclareSetsAsync("weights");
        var created = await plane.CreateJobAsync("weights");
        for (var attempt = 0; attempt < JobStore.MaxAttempts; attempt++)
        {
            Assert.NotNull(await ClaimAsync(plane, $"worker-{attempt}"));
            await EndLeasesAsync(plane);
        }

        Assert.Null(await ClaimAsync(plane, "worker-last"));

        var job = await plane.Get<JobStore>().FindAsync(created.Id, default);
        Assert.Equal((JobState.Failed, "attempts-exhausted"), (job!.State, job.Error?.Code));
    }

    [Fact]
    public async Task Cancel_OfARunningJob_ReachesItsWorker()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        var jobs = plane.Get<WorkerJobs>();
        await plane.DeclareSetsAsync("weights");
        var created = await plane.CreateJobAsync("weights");
        var claimed = await ClaimAsync(plane, "worker-1");

        await plane.Get<JobStore>().RequestCancelAsync(created.Id, default);
        var write = await jobs.ReportProgressAsync(claimed!, new JobProgress { FilesDone = 1 }, default);
        await jobs.CancelAsync(claimed!, default);

        Assert.Equal(JobWrite.CancelRequested, write);
        var job = await plane.Get<JobStore>().FindAsync(created.Id, default);
        Assert.Equal(JobState.Cancelled, job!.State);
    }

    [Fact]
    public async Task Cancel_OfAJobWhoseWorkerDied_NeedsNoWorker()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        await plane.DeclareSetsAsync("weights");
        var created = await plane.CreateJobAsync("weights");
        await ClaimAsync(plane, "worker-1");
        await plane.Get<JobStore>().RequestCancelAsync(created.Id, default);
        await EndLeasesAsync(plane);

        Assert.Null(await ClaimAsync(plane, "worker-2"));

        var job = await plane.Get<JobStore>().FindAsync(created.Id, default);
        Assert.Equal(JobState.Cancelled, job!.State);
    }

    /// <summary>Workers race for the jobs of a few sets, and leases end under their hands now and then.</summary>
    [Fact]
    public async Task Claim_ByManyWorkersAtOnce_RunsEachJobToItsEndOnceAndNeverTwoOfASet()
    {
        await using var plane = await ControlPlaneHarness.CreateAsync(postgres);
        string[] sets = ["a", "b", "c", "d"];
        await plane.DeclareSetsAsync(sets);
        const int JobsPerSet = 15;
        foreach (var set in Enumerable.Repeat(sets, JobsPerSet).SelectMany(names => names))
        {
            await plane.CreateJobAsync(set);
        }

        var completed = await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => WorkAsync(plane, worker)));

        var tokens = completed.SelectMany(list => list).ToList();
        Assert.Equal(sets.Length * JobsPerSet, tokens.Count);
        Assert.Equal(tokens.Count, tokens.Distinct().Count());
        Assert.Equal(0, await plane.ScalarAsync<long>("SELECT count(*) FROM jobs WHERE state <> 'succeeded'"));
        Assert.True(
            await plane.ScalarAsync<long>("SELECT count(*) FROM job_attempts WHERE outcome = 'lost'") > 0,
            "No lease ended under a worker, so the test shows less than it should.");
        Assert.Equal(sets.Length * JobsPerSet, await plane.ScalarAsync<long>(
            "SELECT count(*) FROM job_attempts WHERE outcome = 'succeeded'"));
        Assert.Equal(0, await plane.ScalarAsync<long>(
            """
            SELECT count(*) FROM job_attempts one JOIN jobs first ON first.id = one.job_id
            JOIN job_attempts other ON other.fencing_token = one.fencing_token AND other.job_id <> one.job_id
            JOIN jobs second ON second.id = other.job_id AND second.artefact_set = first.artefact_set
            """));
    }

    private static async Task<List<(string Set, long Token)>> WorkAsync(ControlPlaneHarness plane, int worker)
    {
        var jobs = plane.Get<WorkerJobs>();
        var random = new Random(worker);
        var done = new List<(string, long)>();
        while (await plane.ScalarAsync<long>("SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')") > 0)
        {
            if (await ClaimAsync(plane, $"worker-{worker}") is not { } claimed)
            {
                continue;
            }

            if (random.Next(5) == 0)
            {
                await EndLeasesAsync(plane, claimed.Lease.Name);
            }

            await jobs.ReportProgressAsync(claimed, new JobProgress { FilesDone = 1 }, default);
            if (await jobs.CompleteAsync(claimed, new JobResult(), default) == JobWrite.Accepted)
            {
                done.Add((claimed.Job.ArtefactSet, claimed.Lease.FencingToken));
            }
        }

        return done;
    }

    private static Task<ClaimedJob?> ClaimAsync(ControlPlaneHarness plane, string worker) =>
        plane.Get<WorkerJobs>().ClaimAsync(new JobClaim(worker, _all, TimeSpan.FromMinutes(1)), CancellationToken.None);

    private static Task EndLeasesAsync(ControlPlaneHarness plane, string? name = null) => plane.SqlAsync(
        "UPDATE leases SET expires_at = clock_timestamp() - interval '1 second'"
        + (name is null ? "" : $" WHERE name = '{name}'"));
}
