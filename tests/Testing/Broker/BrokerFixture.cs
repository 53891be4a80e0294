using Continuity.Contracts.Messages;
using Xunit;

namespace Continuity.Testing.Broker;

/// <summary>
/// One development broker with the product's topics for a test class, collection or assembly. Tests that share it use
/// topics or keys of their own; a topic that does not exist is created with four partitions when it is first used.
/// </summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private BrokerProcess? _broker;

    public BrokerProcess Broker =>
        _broker ?? throw new InvalidOperationException("The fixture is not initialised: is it registered with xunit?");

    public string BootstrapServers => Broker.BootstrapServers;

    public async ValueTask InitializeAsync() =>
        _broker = await BrokerProcess.StartAsync(
            $"{Topics.Commands}:4", $"{Topics.Events}:4", $"{Topics.Observations}:4", $"{Topics.DeadLetters}:1");

    public ValueTask DisposeAsync() => _broker?.DisposeAsync() ?? ValueTask.CompletedTask;
}
