using Confluent.Kafka;
using Continuity.Contracts.Messages;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Jobs;

/// <summary>
/// Hears of new jobs without asking for them. A command is only a hint: the job's row is the truth, so a message that
/// is lost, doubled or unreadable costs at most the time to the next sweep.
/// </summary>
internal sealed partial class CommandListener(
    ConsumerConfig settings,
    WakeUp signal,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<CommandListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    private bool _isAway;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () => Listen(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Listen(CancellationToken stoppingToken)
    {
        var roles = options.Value.Roles.Distinct().Order().Select(role => role.ToString().ToLowerInvariant());
        var config = new ConsumerConfig(settings) { GroupId = $"continuity.{string.Join('-', roles)}" };
        using var consumer = new ConsumerBuilder<string, byte[]>(config)
            .SetErrorHandler((_, error) => LogError(error))
            .SetLogHandler((_, _) => { })
            .Build();
        consumer.Subscribe(Topics.Commands);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var message = consumer.Consume(stoppingToken);
                _isAway = false;
                signal.Raise();
                consumer.StoreOffset(message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (KafkaException exception)
            {
                // The client reconnects by itself; a topic that does not exist yet is asked for again.
                LogError(exception.Error);
                stoppingToken.WaitHandle.WaitOne(_retryDelay);
            }
        }

        // Leaves the group at once, so that its partitions need not wait for a time-out.
        consumer.Close();
    }

    private void LogError(Error error)
    {
        if (!_isAway)
        {
            _isAway = true;
            LogBrokerAway(error.Reason, time.GetUtcNow());
        }
    }

    [LoggerMessage(2010, LogLevel.Warning,
        "The broker does not answer since {Since} ({Reason}). Jobs are found by looking at the table each "
            + "second meanwhile.")]
    private partial void LogBrokerAway(string reason, DateTimeOffset since);
}
