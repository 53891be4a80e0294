using System.Net;
using System.Net.Sockets;

namespace Continuity.Testing.Tests;

public sealed class FreePortTests
{
    [Fact]
    public void Next_CalledOften_GivesEachPortOnceAndItCanBeBound()
    {
        var ports = Enumerable.Range(0, 200).Select(_ => FreePort.Next()).ToList();

        Assert.Distinct(ports);
        using var listener = new TcpListener(IPAddress.Loopback, ports[0]);
        listener.Start();
        Assert.True(listener.Server.IsBound);
    }
}
