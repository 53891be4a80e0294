using Continuity.Contracts.Services;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Services;

namespace Continuity.Workers.Monitoring;

/// <summary>
/// Keeps the list of replicas current, and decides on them while this monitor holds the lease. All monitors probe all
/// the time, so the one that takes over knows at once.
/// </summary>
internal sealed partial class MonitorWorker(
    ReplicaStore replicas,
    Watchlist watchlist,
    Decider decider,
    SchemaGate schema,
    TimeProvider time,
    ILogger<MonitorWorker> logger)
    : BackgroundService
{
    private const int PageSize = 500;

    // A changed verdict wakes it at once; this is how soon a new replica is seen, and another monitor's death.
    private static readonly TimeSpan _longestWait = TimeSpan.FromMilliseconds(500);

    private bool _isAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.WaitAsync(stoppingToken);
        try
        {
            while (true)
            {
                await RunRoundAsync(stoppingToken);
                await watchlist.Changes.WaitAsync(_longestWait, time, stoppingToken);
            }
        }
        finally
        {
            await watchlist.StopAsync();
            await decider.ReleaseAsync();
        }
    }

    // Without the database nobody can be told: the probes go on, and the next round that reaches it tells what they
    // found.
    private async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            var stored = await ListAsync(cancellationToken);
            await watchlist.SetAsync(stored, cancellationToken);
            await decider.DecideAsync(stored, cancellationToken);
            if (_isAway)
            {
                _isAway = false;
                LogDatabaseBack();
            }
        }
        catch (Exception exception) when (DatabaseErrors.IsAway(exception))
        {
            if (!_isAway)
            {
                _isAway = true;
                LogDatabaseAway(exception.Message);
            }
        }
    }

    private async Task<List<Replica>> ListAsync(CancellationToken cancellationToken)
    {
        var all = new List<Replica>();
        string? after = null;
        do
        {
            var page = await replicas.ListAsync(service: null, after, PageSize, cancellationToken);
            all.AddRange(page.Items);
            after = page.Next is null ? null : all[^1].Id;
        }
        while (after is not null);
        return all;
    }

    [LoggerMessage(2100, LogLevel.Warning,
        "PostgreSQL does not answer ({Reason}). Probes go on; verdicts are stored when it is back.")]
    private partial void LogDatabaseAway(string reason);

    [LoggerMessage(2101, LogLevel.Information, "PostgreSQL answers again; verdicts are stored.")]
    private partial void LogDatabaseBack();
}
