using System.Text.Json;
using Confluent.Kafka;
using Continuity.Contracts.Messages;

namespace Continuity.Workers.Monitoring;

/// <summary>Hears what other monitors see. What is old when it arrives is of no use: it begins at the newest.</summary>
internal sealed partial class ObservationListener(
    ConsumerConfig settings, OtherVantages others, WorkerName name, ILogger<ObservationListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    private bool _isAway;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () => Listen(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Listen(CancellationToken stoppingToken)
    {
        // A group of its own: every monitor hears every observation.
        var config = new ConsumerConfig(settings)
        {
            GroupId = $"continuity.{name.Value}",
            AutoOffsetReset = AutoOffsetReset.Latest,
            EnableAutoCommit = false,
        };
        using var consumer = new ConsumerBuilder<string, byte[]>(config)
            .SetErrorHandler((_, error) => LogError(error))
            .SetLogHandler((_, _) => { })
            .Build();
        consumer.Subscribe(Topics.Observations);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Hear(consumer.Consume(stoppingToken).Message.Value);
                _isAway = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (KafkaException exception)
            {
                LogError(exception.Error);
                stoppingToken.WaitHandle.WaitOne(_retryDelay);
            }
        }

        consumer.Close();
    }

    private void Hear(byte[] payload)
    {
        try
        {
            var message = CloudEvent.Parse(payload);
            if (message.Type == MessageTypes.ReplicaObserved
                && message.Data.Deserialize(MessageJson.Default.ObservationMessage) is { } observation)
            {
                others.Hear(observation);
            }
        }
        catch (JsonException exception)
        {
            LogUnreadable(exception.Message);
        }
    }

    private void LogError(Error error)
    {
        if (!_isAway)
        {
            _isAway = true;
            LogBrokerAway(error.Reason);
        }
    }

    [LoggerMessage(2110, LogLevel.Warning,
        "The broker does not answer ({Reason}). This monitor decides by what it sees itself meanwhile.")]
    private partial void LogBrokerAway(string reason);

    [LoggerMessage(2111, LogLevel.Debug, "An observation could not be read and is passed over: {Reason}")]
    private partial void LogUnreadable(string reason);
}
