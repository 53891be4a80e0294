using Confluent.Kafka;
using Continuity.ControlPlane.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Continuity.ControlPlane.Messaging;

/// <summary>Reads a topic for one handler. An offset is stored after its message was handled, never before.</summary>
internal sealed partial class MessageConsumer<THandler>(
    THandler handler, MessageProcessor processor, ConsumerConfig settings, SchemaGate schema, TimeProvider time,
    ILogger<MessageConsumer<THandler>> logger)
    : BackgroundService
    where THandler : IMessageHandler
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    private bool _isAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.WaitAsync(stoppingToken);

        // The client blocks a thread while it waits: one of its own.
        await Task.Factory.StartNew(
            () => Read(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Read(CancellationToken stoppingToken)
    {
        var config = new ConsumerConfig(settings) { GroupId = handler.Consumer };
        using var consumer = new ConsumerBuilder<string, byte[]>(config)
            .SetErrorHandler((_, error) => LogAway(error))
            .SetLogHandler((_, _) => { })
            .Build();
        consumer.Subscribe(handler.Topic);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                ReadOne(consumer, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }

        // Leaves the group, so that others need not wait for the session's end.
        consumer.Close();
    }

    private void ReadOne(IConsumer<string, byte[]> consumer, CancellationToken stoppingToken)
    {
        try
        {
            var delivery = consumer.Consume(stoppingToken);
            _isAway = false;
            processor.ProcessAsync(handler, delivery.Message, stoppingToken).GetAwaiter().GetResult();
            consumer.StoreOffset(delivery);
        }
        catch (KafkaException exception)
        {
            // The client reconnects by itself. An offset that can't be stored is of a partition that moved on.
            LogAway(exception.Error);
            Task.Delay(_retryDelay, time, stoppingToken).GetAwaiter().GetResult();
        }
    }

    private void LogAway(Error error)
    {
        if (!_isAway)
        {
            _isAway = true;
            LogBrokerAway(handler.Consumer, error.Reason);
        }
    }

    [LoggerMessage(1220, LogLevel.Warning, "{Consumer}: the broker does not answer ({Reason}); it is tried again.")]
    private partial void LogBrokerAway(string consumer, string reason);
}
