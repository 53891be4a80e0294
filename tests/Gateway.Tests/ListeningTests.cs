using Continuity.Gateway.Tests.Backends;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Tests;

/// <summary>Clients that come while the gateway is held up wait for it, and not for their kernel's next try.</summary>
public sealed class ListeningTests
{
    [Fact]
    public async Task Start_TakesAsManyWaitingConnectionsAsTwoSecondsOfNewOnes()
    {
        const int NewPerSecond = 2000;
        await using var backend = new StubBackend(connection => connection.HangAsync());
        await using var gateway = await TestGateway.StartAsync(backend);

        var sockets = gateway.Services.GetRequiredService<IOptions<SocketTransportOptions>>().Value;

        Assert.True(sockets.Backlog >= 2 * NewPerSecond, $"Only {sockets.Backlog} may wait.");
    }
}
