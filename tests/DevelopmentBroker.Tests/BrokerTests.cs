using System.Text;
using Confluent.Kafka;
using Continuity.Testing.Broker;

namespace Continuity.DevelopmentBroker.Tests;

public sealed class BrokerTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Produce_ThenConsume_GivesKeyValueHeadersAndOrderPerKey()
    {
        using var producer = KafkaClients.Producer(fixture.BootstrapServers);
        for (var i = 0; i < 100; i++)
        {
            await producer.ProduceAsync("order", Message($"key-{i % 5}", $"{i}"));
        }

        using var consumer = KafkaClients.Consumer(fixture.BootstrapServers, "order-readers");
        consumer.Subscribe("order");
        var read = consumer.Read(100, _deadline);

        Assert.All(read, result => Assert.Equal("1"u8.ToArray(), result.Message.Headers.GetLastBytes("version")));
        foreach (var key in read.GroupBy(result => result.Message.Key))
        {
            var values = key.Select(result => int.Parse(result.Message.Value, null)).ToList();
            Assert.Equal(20, values.Count);
            Assert.Equal(values.Order(), values);
        }
    }

    [Fact]
    public async Task Consume_SecondMemberOfTheGroup_SharesThePartitions()
    {
        using var producer = KafkaClients.Producer(fixture.BootstrapServers);
        await producer.ProduceAsync("shared", Message("first", "0"));
        using var one = KafkaClients.Consumer(fixture.BootstrapServers, "sharers");
        using var other = KafkaClients.Consumer(fixture.BootstrapServers, "sharers");
        one.Subscribe("shared");
        other.Subscribe("shared");

        // Both must poll for the group to settle.
        using var expiry = new CancellationTokenSource(_deadline, TimeProvider.System);
        while ((one.Assignment.Count == 0 || other.Assignment.Count == 0) && !expiry.IsCancellationRequested)
        {
            one.Consume(TimeSpan.FromMilliseconds(50));
            other.Consume(TimeSpan.FromMilliseconds(50));
        }

        Assert.NotEmpty(one.Assignment);
        Assert.NotEmpty(other.Assignment);
        Assert.Empty(one.Assignment.Intersect(other.Assignment));
    }

    [Fact]
    public async Task Consume_AfterACommit_GoesOnWhereTheGroupWas()
    {
        using var producer = KafkaClients.Producer(fixture.BootstrapServers);
        await producer.ProduceAsync("committed", Message("key", "before"));
        using (var first = KafkaClients.Consumer(fixture.BootstrapServers, "committers"))
        {
            first.Subscribe("committed");
            first.Commit(first.Read(1, _deadline)[0]);
            first.Close();
        }

        await producer.ProduceAsync("committed", Message("key", "after"));
        using var second = KafkaClients.Consumer(fixture.BootstrapServers, "committers");
        second.Subscribe("committed");

        Assert.Equal("after", second.Read(1, _deadline)[0].Message.Value);
    }

    [Fact]
    public async Task Restart_OnTheSamePort_ClientsReconnectAndTheOldMessagesAreGone()
    {
        await using var broker = await BrokerProcess.StartAsync("restarted:2");
        using var producer = KafkaClients.Producer(broker.BootstrapServers);
        using var consumer = KafkaClients.Consumer(broker.BootstrapServers, "survivors");
        consumer.Subscribe("restarted");
        await producer.ProduceAsync("restarted", Message("key", "lost"));
        consumer.Read(1, _deadline);

        await broker.KillAsync();
        await broker.RestartAsync();
        await producer.ProduceAsync("restarted", Message("key", "kept"));

        using var fresh = KafkaClients.Consumer(broker.BootstrapServers, "latecomers");
        fresh.Subscribe("restarted");
        Assert.Equal("kept", fresh.Read(1, _deadline)[0].Message.Value);
        Assert.Equal("kept", consumer.Read(1, _deadline)[0].Message.Value);
    }

    [Fact]
    public async Task Restart_WhileClientsAskForItsTopics_HasThemAsDeclared()
    {
        var topics = Enumerable.Range(0, 40).Select(number => $"asked-{number}").ToList();
        await using var broker = await BrokerProcess.StartAsync([.. topics.Select(topic => $"{topic}:3")]);
        using var producer = KafkaClients.Producer(broker.BootstrapServers, reconnectBackoffMilliseconds: 5);
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();

        for (var restart = 0; restart < 5; restart++)
        {
            await broker.KillAsync();
            // Each waits in the client for the broker to come back, and asks for its topic then.
            topics.ForEach(topic => producer.Produce(topic, Message("key", "value")));
            await broker.RestartAsync();
            producer.Flush(_deadline);

            Assert.All(
                topics, topic => Assert.Equal(3, admin.GetMetadata(topic, _deadline).Topics.Single().Partitions.Count));
        }
    }

    private static Message<string, string> Message(string key, string value) => new()
    {
        Key = key,
        Value = value,
        Headers = [new Header("version", Encoding.UTF8.GetBytes("1"))],
    };
}
