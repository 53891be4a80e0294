using System.ComponentModel.DataAnnotations;
using Continuity.ControlPlane.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Continuity.ControlPlane.Messaging;

/// <summary>When messages are looked for that the broker has lost.</summary>
public sealed class InboxOptions
{
    public const string Section = "Inbox";

    /// <summary>How often.</summary>
    /// <value>The default value is 10 seconds; 100 milliseconds to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after its publication a message that was not handled counts as lost.</summary>
    /// <value>The default value is 30 seconds; 100 milliseconds to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan LostAfter { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Finds in PostgreSQL what the broker confirmed and lost, so that its memory is never needed.</summary>
internal sealed partial class InboxSweeper<THandler>(
    THandler handler, MessageProcessor processor, SchemaGate schema, IOptions<InboxOptions> options,
    TimeProvider time, ILogger<InboxSweeper<THandler>> logger)
    : BackgroundService
    where THandler : IMessageHandler
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (DatabaseErrors.IsFailure(exception))
            {
                LogNotSwept(handler.Consumer, exception.Message);
            }
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var found = await processor.ProcessForgottenAsync(handler, options.Value.LostAfter, cancellationToken);
        if (found > 0)
        {
            LogFound(handler.Consumer, found);
        }
    }

    [LoggerMessage(1230, LogLevel.Warning, "{Consumer}: {Count} messages never came and were found in the outbox.")]
    private partial void LogFound(string consumer, int count);

    [LoggerMessage(1231, LogLevel.Warning, "{Consumer}: the outbox could not be read and is tried again: {Reason}")]
    private partial void LogNotSwept(string consumer, string reason);
}
