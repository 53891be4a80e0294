using Confluent.Kafka;

namespace Continuity.DevelopmentBroker.Tests;

/// <summary>Clients as the product configures them, with deadlines short enough for a test.</summary>
internal static class KafkaClients
{
    public static IProducer<string, string> Producer(string servers, int reconnectBackoffMilliseconds = 100) =>
        new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = servers,
            EnableIdempotence = true,
            LingerMs = 2,
            MessageTimeoutMs = 30_000,
            ReconnectBackoffMs = reconnectBackoffMilliseconds,
            ReconnectBackoffMaxMs = 5 * reconnectBackoffMilliseconds,
        }).SetLogHandler((_, _) => { }).Build();

    public static IConsumer<string, string> Consumer(string servers, string group) =>
        new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = servers,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            FetchWaitMaxMs = 20,
            SessionTimeoutMs = 6_000,
            HeartbeatIntervalMs = 500,
            ReconnectBackoffMaxMs = 500,
            TopicMetadataRefreshIntervalMs = 500,
        }).SetLogHandler((_, _) => { }).Build();

    /// <summary>Reads until there are <paramref name="count"/> messages, or fails at the deadline.</summary>
    public static List<ConsumeResult<string, string>> Read(
        this IConsumer<string, string> consumer, int count, TimeSpan deadline)
    {
        using var expiry = new CancellationTokenSource(deadline, TimeProvider.System);
        var read = new List<ConsumeResult<string, string>>();
        while (read.Count < count && !expiry.IsCancellationRequested)
        {
            try
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is { } message)
                {
                    read.Add(message);
                }
            }
            catch (ConsumeException exception) when (!exception.Error.IsFatal)
            {
                // The broker is away or has forgotten the topic's messages: the client tries again.
            }
        }

        Assert.True(read.Count >= count, $"{read.Count} of {count} messages arrived within {deadline}.");
        return read;
    }
}
