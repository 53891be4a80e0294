using System.Text;
using Confluent.Kafka;
using Continuity.Contracts.Messages;
using Continuity.Testing;
using Continuity.Testing.Broker;
using Continuity.Testing.Postgres;

namespace Continuity.ControlPlane.Tests.Messaging;

public sealed class MessagingTests(PostgresFixture postgres, BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Outbox_MessagesOfManyKeys_ArriveOnceAndInOrderOfTheirKey()
    {
        await using var plane = await CreateAsync();
        await using var host = await MessagingHost.StartAsync(plane.DataSource, broker.BootstrapServers, "test.order");

        for (var number = 0; number < 200; number++)
        {
            await host.WriteAsync("test.order", $"key-{number % 7}", number);
        }

        await WaitForAsync(plane, "SELECT count(*) FROM handled", 200);
        Assert.Equal(0, await plane.ScalarAsync<long>(
            """
            SELECT count(*) FROM handled one JOIN handled other
            ON one.key = other.key AND one.position < other.position AND one.number > other.number
            """));
    }

    [Fact]
    public async Task Outbox_BrokerKilledAndBackWithNothing_LosesNothingAndHandlesNothingTwice()
    {
        await using var fragile = await BrokerProcess.StartAsync("test.loss:4", $"{Topics.DeadLetters}:1");
        await using var plane = await CreateAsync();
        await using var host = await MessagingHost.StartAsync(plane.DataSource, fragile.BootstrapServers, "test.loss");
        const int Messages = 300;

        for (var number = 0; number < Messages; number++)
        {
            await host.WriteAsync("test.loss", $"key-{number % 5}", number);
            if (number == 100)
            {
                await fragile.KillAsync();
            }

            if (number == 200)
            {
                await fragile.RestartAsync();
            }
        }

        await WaitForAsync(plane, "SELECT count(*) FROM handled", Messages);
        Assert.Equal(Messages, await plane.ScalarAsync<long>("SELECT count(DISTINCT number) FROM handled"));
        await WaitForAsync(plane, "SELECT count(*) FROM outbox WHERE published_at IS NULL", 0);
    }

    [Fact]
    public async Task Consumer_SameMessageTwice_HandlesItOnce()
    {
        await using var plane = await CreateAsync();
        await using var host = await MessagingHost.StartAsync(plane.DataSource, broker.BootstrapServers, "test.twice");
        await host.WriteAsync("test.twice", "a", 1);
        await WaitForAsync(plane, "SELECT count(*) FROM handled", 1);
        var payload = await plane.ScalarAsync<byte[]>("SELECT payload FROM outbox");

        await ProduceAsync("test.twice", "a", payload);
        await host.WriteAsync("test.twice", "a", 2);
        await WaitForAsync(plane, "SELECT count(*) FROM handled WHERE number = 2", 1);

        Assert.Equal(1, await plane.ScalarAsync<long>("SELECT count(*) FROM handled WHERE number = 1"));
    }

    [Fact]
    public async Task Consumer_MessageThatCannotBeHandled_GoesToTheDeadLettersWithItsReason()
    {
        await using var plane = await CreateAsync();
        await using var host = await MessagingHost.StartAsync(plane.DataSource, broker.BootstrapServers, "test.poison");

        await host.WriteAsync("test.poison", "poisoned", 1, poison: true);
        await ProduceAsync("test.poison", "garbage", "no JSON"u8.ToArray());
        await host.WriteAsync("test.poison", "poisoned", 2);

        await WaitForAsync(plane, "SELECT count(*) FROM handled WHERE number = 2", 1);
        var letters = ReadDeadLetters(2);
        Assert.Contains("can't be handled", letters["poisoned"], StringComparison.Ordinal);
        Assert.Contains("Unreadable", letters["garbage"], StringComparison.Ordinal);
    }

    private async Task<ControlPlaneHarness> CreateAsync()
    {
        var plane = await ControlPlaneHarness.CreateAsync(postgres);
        await plane.SqlAsync(
            """
            CREATE TABLE handled (
                position bigint GENERATED ALWAYS AS IDENTITY, message_id uuid NOT NULL, key text NOT NULL,
                    number int NOT NULL)
            """);
        return plane;
    }

    private async Task ProduceAsync(string topic, string key, byte[] payload)
    {
        using var producer = new ProducerBuilder<string, byte[]>(
            new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build();
        await producer.ProduceAsync(topic, new Message<string, byte[]> { Key = key, Value = payload });
    }

    private Dictionary<string, string> ReadDeadLetters(int count)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            GroupId = $"dead-letters-{Guid.NewGuid()}",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            FetchWaitMaxMs = 20,
        }).Build();
        consumer.Subscribe(Topics.DeadLetters);
        using var expiry = new CancellationTokenSource(_deadline, TimeProvider.System);
        var reasons = new Dictionary<string, string>();
        while (reasons.Count < count)
        {
            var message = consumer.Consume(expiry.Token).Message;
            reasons[message.Key] = Encoding.UTF8.GetString(message.Headers.GetLastBytes("reason"));
        }

        consumer.Close();
        return reasons;
    }

    private static Task WaitForAsync(ControlPlaneHarness plane, string sql, long expected) =>
        Eventually.HoldsAsync(async () => await plane.ScalarAsync<long>(sql) == expected);
}
