using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Jobs;
using Continuity.ControlPlane.Leases;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Jobs;

/// <summary>
/// Takes jobs, a few at a time, as long as there are any; then waits for a command or for the next sweep.
/// </summary>
internal sealed partial class JobWorker(
    WorkerJobs jobs,
    JobRunner runner,
    JobClaimFactory claims,
    WakeUp signal,
    SchemaGate schema,
    ILogger<JobWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan _sweepInterval = TimeSpan.FromSeconds(1);

    private int _databaseIsAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.WaitAsync(stoppingToken);
        await Task.WhenAll(Enumerable.Range(0, claims.Concurrency).Select(_ => RunLoopAsync(stoppingToken)));
    }

    private async Task RunLoopAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await TryClaimAsync(stoppingToken) is { } claimed)
            {
                // There may be more than one: whoever waits looks too.
                signal.Raise();
                await runner.RunAsync(claimed, stoppingToken);
            }
            else
            {
                await signal.WaitAsync(_sweepInterval, claims.Time, stoppingToken);
            }
        }
    }

    private async Task<ClaimedJob?> TryClaimAsync(CancellationToken cancellationToken)
    {
        try
        {
            var claimed = await jobs.ClaimAsync(claims.Create(), cancellationToken);
            if (Interlocked.Exchange(ref _databaseIsAway, 0) == 1)
            {
                LogDatabaseBack();
            }

            return claimed;
        }
        catch (Exception exception) when (DatabaseErrors.IsAway(exception))
        {
            if (Interlocked.Exchange(ref _databaseIsAway, 1) == 0)
            {
                LogDatabaseAway(exception.Message);
            }

            return null;
        }
    }

    [LoggerMessage(2000, LogLevel.Warning,
        "PostgreSQL does not answer ({Reason}). Jobs that run go on while their lease lasts; new ones wait.")]
    private partial void LogDatabaseAway(string reason);

    [LoggerMessage(2001, LogLevel.Information, "PostgreSQL answers again.")]
    private partial void LogDatabaseBack();
}

/// <summary>What this worker asks for when it looks for a job.</summary>
internal sealed class JobClaimFactory(
    WorkerName name, JobKinds kinds, IOptions<LeaseOptions> leases, IOptions<WorkerOptions> options, TimeProvider time)
{
    public TimeProvider Time => time;

    public int Concurrency => options.Value.Concurrency;

    public JobClaim Create() => new(name.Value, kinds.Values, leases.Value.TimeToLive);
}
