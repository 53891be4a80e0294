using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.Network;
using Continuity.Testing;

namespace Continuity.Aspire.Hosting.Tests.Network;

public sealed class EndpointProxyTests
{
    [Fact]
    public async Task Connection_NoReplica_IsParkedUntilOneComes()
    {
        await using var proxy = Open();
        using var client = await ConnectAsync(proxy);
        await client.SendAsync("early"u8.ToArray());

        using var replica = new Replica();
        proxy.Add(replica.Port);

        using var accepted = await replica.AcceptAsync();
        Assert.Equal("early", await ReadAsync(accepted, 5));
    }

    [Fact]
    public async Task Connection_OneReplicaRefuses_AnotherIsDialled()
    {
        await using var proxy = Open();
        using var replica = new Replica();
        for (var dead = 0; dead < 5; dead++)
        {
            proxy.Add(FreePort.Next());
        }

        proxy.Add(replica.Port);
        using var client = await ConnectAsync(proxy);

        using var accepted = await replica.AcceptAsync();
        await accepted.SendAsync("answer"u8.ToArray());
        Assert.Equal("answer", await ReadAsync(client, 6));
    }

    [Fact]
    public async Task Connections_AreSpreadOverTheReplicas()
    {
        await using var proxy = Open();
        using var first = new Replica();
        using var second = new Replica();
        proxy.Add(first.Port);
        proxy.Add(second.Port);
        var (toFirst, toSecond) = (first.AcceptAsync(), second.AcceptAsync());

        var clients = new List<Socket>();
        for (var connection = 0; connection < 60; connection++)
        {
            clients.Add(await ConnectAsync(proxy));
        }

        // 60 connections all to one of two replicas: once in 10^18 runs.
        using var one = await toFirst;
        using var other = await toSecond;
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Replica_Removed_GetsNoFurtherConnection()
    {
        await using var proxy = Open();
        using var gone = new Replica();
        using var here = new Replica();
        proxy.Add(gone.Port);
        proxy.Add(here.Port);
        proxy.Remove(gone.Port);

        for (var connection = 0; connection < 10; connection++)
        {
            using var client = await ConnectAsync(proxy);
            using var accepted = await here.AcceptAsync();
        }

        Assert.False(gone.HasPending);
    }

    [Fact]
    public async Task HalfClose_LetsTheAnswerThrough()
    {
        await using var proxy = Open();
        using var replica = new Replica();
        proxy.Add(replica.Port);
        using var client = await ConnectAsync(proxy);
        using var accepted = await replica.AcceptAsync();

        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await accepted.ReceiveAsync(new byte[1]));
        await accepted.SendAsync("late"u8.ToArray());

        Assert.Equal("late", await ReadAsync(client, 4));
    }

    [Fact]
    public async Task ReplicaDies_ClientIsCutOff()
    {
        await using var proxy = Open();
        using var replica = new Replica();
        proxy.Add(replica.Port);
        using var client = await ConnectAsync(proxy);
        var accepted = await replica.AcceptAsync();
        await accepted.SendAsync("up"u8.ToArray());
        Assert.Equal("up", await ReadAsync(client, 2));

        accepted.LingerState = new LingerOption(enable: true, seconds: 0);
        accepted.Dispose();

        Assert.Equal(0, await ReceiveOrZeroAsync(client));
    }

    [Fact]
    public void Listener_PortTaken_IsNull()
    {
        using var taken = LoopbackListener.TryOpen(null);

        Assert.NotNull(taken);
        Assert.Null(LoopbackListener.TryOpen(taken.Port));
    }

    [Fact]
    public void FreePort_AskedOften_GivesEachPortOnce() =>
        Assert.Distinct(Enumerable.Range(0, 600).Select(_ => LoopbackListener.FreePort()).ToList());

    private static EndpointProxy Open() =>
        new(LoopbackListener.TryOpen(null)
            ?? throw new InvalidOperationException("No free port."), TimeProvider.System);

    private static async Task<Socket> ConnectAsync(EndpointProxy proxy)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, proxy.Port));
        return socket;
    }

    private static async Task<string> ReadAsync(Socket socket, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        var buffer = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(read), SocketFlags.None, deadline.Token);
            Assert.NotEqual(0, more);
            read += more;
        }

        return Encoding.UTF8.GetString(buffer);
    }

    private static async Task<int> ReceiveOrZeroAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private sealed class Replica : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Replica() => _listener.Start();

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public bool HasPending => _listener.Pending();

        public Task<Socket> AcceptAsync() =>
            _listener.AcceptSocketAsync().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);

        public void Dispose() => _listener.Dispose();
    }
}
