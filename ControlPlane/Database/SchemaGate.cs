using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Continuity.ControlPlane.Database;

/// <summary>
/// Opens when the schema is current; a process that starts before its database waits here, and stays up.
/// </summary>
public sealed class SchemaGate
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsOpen => _ready.Task.IsCompleted;

    public Task WaitAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    internal void Open() => _ready.TrySetResult();
}

internal sealed partial class SchemaWorker(
    SchemaMigrator migrator, SchemaGate gate, TimeProvider time, ILogger<SchemaWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await migrator.MigrateAsync(stoppingToken);
                gate.Open();
                return;
            }
            catch (Exception exception) when (DatabaseErrors.IsFailure(exception))
            {
                LogDatabaseAway(exception.Message);
            }

            await Task.Delay(_retryDelay, time, stoppingToken);
        }
    }

    [LoggerMessage(1001, LogLevel.Warning,
        "PostgreSQL cannot be used yet ({Reason}). Everything that needs it waits; it is tried again each second.")]
    private partial void LogDatabaseAway(string reason);
}
