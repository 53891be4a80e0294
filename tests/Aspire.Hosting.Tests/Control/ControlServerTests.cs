using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.Control;
using Aspire.Hosting.Running;
using Continuity.Aspire.Hosting.Tests.Running;

namespace Continuity.Aspire.Hosting.Tests.Control;

public sealed class ControlServerTests
{
    [Fact]
    public async Task Stop_IsAnsweredBeforeTheHostEnds()
    {
        await using var fixture = new StackFixture();
        var state = new StateFolder(fixture.Path("state"));
        using var life = new HostLife();
        var server = new ControlServer(state, new ControlCommands(fixture.Stack, life));
        using var client = await new ControlClient(state).TryConnectAsync(CancellationToken.None);
        await client!.SendAsync("{\"verb\":\"stop\",\"operands\":[]}\n"u8.ToArray());
        await life.StopRequested;

        await server.CloseAsync();
        Assert.Null(await new ControlClient(state).TryConnectAsync(CancellationToken.None));
        life.Stopped();
        await server.DisposeAsync();

        var answer = new byte[100];
        Assert.True(client.Available > 0);
        var length = await client.ReceiveAsync(answer, SocketFlags.None);
        Assert.Equal("{\"exit\":0}\n"u8, answer.AsSpan(0, length));
    }
}
