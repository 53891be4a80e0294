using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Topology;
using Continuity.Reliability.Analysis;
using Continuity.Reliability.Graphs;

namespace Continuity.Api.Reliability;

/// <summary>Compiles the platform's reliability model whenever its topology changes.</summary>
internal sealed partial class LivingModelWorker(
    PlatformSnapshots snapshots,
    LivingModels models,
    ReliabilityMetrics metrics,
    SchemaGate schema,
    TimeProvider time,
    ILogger<LivingModelWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.WaitAsync(stoppingToken);
        string? known = null;
        while (true)
        {
            try
            {
                await snapshots.NextVersionAsync(known, stoppingToken);

                // From here until the new model is there, the one that answers lags; answers see it by themselves.
                metrics.Stale(true);
                var snapshot = await snapshots.ReadAsync(stoppingToken);
                known = snapshot.Version;
                models.Take(snapshot, stoppingToken);
                metrics.Stale(false);
                continue;
            }
            catch (Exception exception) when (DatabaseErrors.IsFailure(exception))
            {
                LogDatabaseAway(exception.Message);
            }
            catch (Exception exception) when (exception is InvalidModelException or ModelTooLargeException)
            {
                // The last model stays, marked as stale: an old answer that says so is better than none.
                models.MarkFailed(exception.Message);
                LogNotCompiled(exception.Message);
            }

            metrics.Stale(true);
            await Task.Delay(_retryDelay, time, stoppingToken);
        }
    }

    [LoggerMessage(2200, LogLevel.Warning, "The reliability model waits for the database: {Reason}")]
    private partial void LogDatabaseAway(string reason);

    [LoggerMessage(2201, LogLevel.Warning, "The reliability model could not be compiled and stays as it was: {Reason}")]
    private partial void LogNotCompiled(string reason);
}
