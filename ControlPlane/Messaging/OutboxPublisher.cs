using System.ComponentModel.DataAnnotations;
using Continuity.ControlPlane.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Continuity.ControlPlane.Messaging;

/// <summary>How long messages are kept.</summary>
public sealed class OutboxOptions
{
    public const string Section = "Outbox";

    /// <summary>How long a published message is kept, for consumers that the broker lost it for.</summary>
    /// <value>The default value is 1 day; 1 minute to 30 days.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(1);
}

/// <summary>Publishes when something is written, and looks by itself each second.</summary>
internal sealed partial class OutboxPublisher(
    OutboxRelay relay, Notifications notifications, SchemaGate schema, IOptions<OutboxOptions> options,
    TimeProvider time, ILogger<OutboxPublisher> logger)
    : BackgroundService
{
    private static readonly TimeSpan _lookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _forgetInterval = TimeSpan.FromMinutes(1);

    private bool _isStuck;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.WaitAsync(stoppingToken);
        var forgotAt = time.GetTimestamp();
        while (true)
        {
            var written = notifications.NextAsync(Notifications.Outbox);
            var again = await RunRoundAsync(stoppingToken);
            if (time.GetElapsedTime(forgotAt) >= _forgetInterval)
            {
                forgotAt = time.GetTimestamp();
                await ForgetAsync(stoppingToken);
            }

            if (!again)
            {
                await notifications.WaitAsync(written, _lookInterval, stoppingToken);
            }
        }
    }

    private async Task<bool> RunRoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            var round = await relay.PublishAsync(cancellationToken);
            if (_isStuck != round.Failed > 0)
            {
                _isStuck = round.Failed > 0;
                LogBroker(_isStuck ? "does not confirm messages, which wait in the outbox" : "confirms messages again");
            }

            // A broker that is away is asked again after a pause and not at once.
            if (_isStuck)
            {
                await Task.Delay(_lookInterval, time, cancellationToken);
            }

            await relay.MeasureBacklogAsync(cancellationToken);
            return round.MayBeMore;
        }
        catch (Exception exception) when (DatabaseErrors.IsFailure(exception))
        {
            LogRoundFailed(exception.Message);
            await Task.Delay(_lookInterval, time, cancellationToken);
            return false;
        }
    }

    private async Task ForgetAsync(CancellationToken cancellationToken)
    {
        try
        {
            await relay.ForgetAsync(options.Value.Retention, cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsFailure(exception))
        {
            LogRoundFailed(exception.Message);
        }
    }

    [LoggerMessage(1200, LogLevel.Warning, "The broker {What}.")]
    private partial void LogBroker(string what);

    [LoggerMessage(1201, LogLevel.Warning, "The outbox could not be read and is tried again: {Reason}")]
    private partial void LogRoundFailed(string reason);
}
