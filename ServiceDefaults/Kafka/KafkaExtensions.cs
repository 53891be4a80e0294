using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Continuity.ServiceDefaults.Kafka;

/// <summary>
/// Registers Kafka clients whose settings suit a broker that may be away, restart, or lose what it held.
/// </summary>
public static partial class KafkaExtensions
{
    private const string DefaultConnectionName = "kafka";

    /// <summary>
    /// Adds one <c>IProducer&lt;string, byte[]&gt;</c> for the process; it connects when it's first used.
    /// </summary>
    public static void AddKafkaProducer(
        this IHostApplicationBuilder builder,
        string connectionName = DefaultConnectionName,
        Action<ProducerConfig>? configure = null)
    {
        var servers = ReadServers(builder.Configuration, connectionName);
        builder.Services.TryAddSingleton(services =>
        {
            var config = ProducerSettings(servers, builder.Environment.ApplicationName);
            configure?.Invoke(config);
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(KafkaExtensions).FullName!);
            return new ProducerBuilder<string, byte[]>(config)
                .SetErrorHandler((_, error) => LogError(logger, error.Reason))
                .SetLogHandler((_, message) => LogLibrary(logger, message.Facility, message.Message))
                .Build();
        });
    }

    /// <summary>Adds the <c>ConsumerConfig</c> that consumer loops start from; each adds its own group.</summary>
    public static void AddKafkaConsumer(
        this IHostApplicationBuilder builder,
        string connectionName = DefaultConnectionName,
        Action<ConsumerConfig>? configure = null)
    {
        var servers = ReadServers(builder.Configuration, connectionName);
        builder.Services.TryAddSingleton(_ =>
        {
            var config = ConsumerSettings(servers, builder.Environment.ApplicationName);
            configure?.Invoke(config);
            return config;
        });
    }

    private static ProducerConfig ProducerSettings(string servers, string client) => new()
    {
        BootstrapServers = servers,
        ClientId = client,
        Acks = Acks.All,
        // Order without idempotence: an idempotent producer fails for good when a broker forgets what it has seen,
        // and a duplicate does no harm to consumers that know the ids they have handled.
        EnableIdempotence = false,
        MaxInFlight = 1,
        LingerMs = 2,
        MessageTimeoutMs = 5_000,
        RequestTimeoutMs = 4_000,
        SocketConnectionSetupTimeoutMs = 3_000,
        ReconnectBackoffMs = 100,
        ReconnectBackoffMaxMs = 1_000,
        QueueBufferingMaxKbytes = 32 * 1024,
        LogConnectionClose = false,
    };

    private static ConsumerConfig ConsumerSettings(string servers, string client) => new()
    {
        BootstrapServers = servers,
        ClientId = client,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        // Offsets are stored by the loop once a message is handled, and committed in the background.
        EnableAutoOffsetStore = false,
        EnableAutoCommit = true,
        AutoCommitIntervalMs = 1_000,
        // The default of 500 ms is what a quiet topic's message would wait.
        FetchWaitMaxMs = 20,
        SessionTimeoutMs = 6_000,
        HeartbeatIntervalMs = 2_000,
        MaxPollIntervalMs = 300_000,
        SocketConnectionSetupTimeoutMs = 3_000,
        ReconnectBackoffMs = 100,
        ReconnectBackoffMaxMs = 1_000,
        QueuedMaxMessagesKbytes = 4 * 1024,
        AllowAutoCreateTopics = true,
        LogConnectionClose = false,
    };

    private static string ReadServers(IConfiguration configuration, string connectionName) =>
        configuration.GetConnectionString(connectionName) is { Length: > 0 } servers
            ? servers
            : throw new InvalidOperationException(
                $"ConnectionStrings:{connectionName} is missing. Set it to host:port of a Kafka broker, for "
                + $"example by the environment variable ConnectionStrings__{connectionName}.");

    [LoggerMessage(100, LogLevel.Warning, "Kafka: {Reason}")]
    private static partial void LogError(ILogger logger, string reason);

    [LoggerMessage(101, LogLevel.Debug, "librdkafka {Facility}: {Text}")]
    private static partial void LogLibrary(ILogger logger, string facility, string text);
}
