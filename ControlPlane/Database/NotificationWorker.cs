using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Continuity.ControlPlane.Database;

internal sealed partial class NotificationWorker(
    NpgsqlDataSource dataSource, Notifications notifications, TimeProvider time, ILogger<NotificationWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    // A connection that went silent (a cut cable, a moved virtual address) is found out by asking.
    private static readonly TimeSpan _checkInterval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (DatabaseErrors.IsFailure(exception))
            {
                LogConnectionLost(exception.Message);
            }

            await Task.Delay(_retryDelay, time, stoppingToken);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => notifications.Wake(notification.Channel);
        await ExecuteAsync(connection, $"LISTEN {Notifications.Outbox}; LISTEN {Notifications.Routing}",
            cancellationToken);

        // Whatever was notified while nobody listened is found by looking now.
        notifications.WakeAll();
        while (true)
        {
            if (!await connection.WaitAsync(_checkInterval, cancellationToken))
            {
                await ExecuteAsync(connection, "SELECT 1", cancellationToken);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(1010, LogLevel.Warning,
        "The connection that listens for changes is lost ({Reason}); changes are noticed by looking until it is back.")]
    private partial void LogConnectionLost(string reason);
}
