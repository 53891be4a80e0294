using Continuity.Contracts.Messages;
using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Messaging;
using Continuity.ServiceDefaults.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Continuity.ControlPlane.Tests.Messaging;

/// <summary>A process that publishes and consumes, against a real database and a real broker.</summary>
internal sealed class MessagingHost : IAsyncDisposable
{
    private readonly IHost _host;

    private MessagingHost(IHost host) => _host = host;

    public static async Task<MessagingHost> StartAsync(NpgsqlDataSource dataSource, string bootstrapServers,
        string topic)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:kafka"] = bootstrapServers,
            ["Inbox:SweepInterval"] = "00:00:00.500",
            ["Inbox:LostAfter"] = "00:00:01",
        });
        builder.Logging.ClearProviders();
        builder.AddKafkaProducer(configure: config => config.MessageTimeoutMs = 2_000);
        builder.AddKafkaConsumer();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(dataSource);
        builder.Services.AddSingleton(new TopicUnderTest(topic));
        builder.Services.AddControlPlane().AddOutboxPublisher().AddMessageHandler<RecordingHandler>();
        var host = builder.Build();
        await host.StartAsync();
        return new MessagingHost(host);
    }

    /// <summary>Writes messages as the product does: each with a change, in one transaction.</summary>
    public Task WriteAsync(string topic, string key, int number, bool poison = false) =>
        _host.Services.GetRequiredService<ControlPlaneDatabase>().WriteAsync(
            (unit, token) => _host.Services.GetRequiredService<Outbox>().AddAsync(
                unit,
                new OutboxMessage<VerdictMessage>(
                    topic,
                    key,
                    poison ? RecordingHandler.Poison : MessageTypes.ReplicaVerdictChanged,
                    new VerdictMessage
                    {
                        Replica = number.ToString(System.Globalization.CultureInfo.InvariantCulture),
                        Previous = default,
                        Verdict = default,
                        Observer = "test",
                    },
                    MessageJson.Default.VerdictMessage),
                token),
            CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

internal sealed record TopicUnderTest(string Name);

/// <summary>Writes each message that it handles into a table, with its transaction.</summary>
internal sealed class RecordingHandler(TopicUnderTest topic) : IMessageHandler
{
    public const string Poison = "test.poison";

    public string Topic => topic.Name;

    public string Consumer => $"test.{topic.Name}";

    public async Task HandleAsync(CloudEvent message, NpgsqlTransaction transaction,
        CancellationToken cancellationToken)
    {
        if (message.Type == Poison)
        {
            throw new InvalidDataException("This message can't be handled.");
        }

        await using var command = new NpgsqlCommand(
            "INSERT INTO handled (message_id, key, number) VALUES ($1, $2, $3)", transaction.Connection, transaction);
        command.Parameters.AddWithValue(message.Id);
        command.Parameters.AddWithValue(message.Subject);
        command.Parameters.AddWithValue(int.Parse(
            message.Data.GetProperty("replica").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
