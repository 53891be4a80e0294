using System.Net;
using System.Net.Sockets;
using Continuity.Gateway.Upstream;

namespace Continuity.Gateway.Tests.Upstream;

/// <summary>What begins comes before what goes on, and nothing that came is left lying.</summary>
public sealed class ReplicaLoopTests : IDisposable
{
    private readonly ReplicaLoop _loop = new();
    private readonly List<Pair> _pairs = [];

    public void Dispose() => _pairs.ForEach(pair => pair.Dispose());

    [Fact]
    public void Turn_ManyStreamsAndAnAnswerThatBegins_ReadsTheAnswerFirst()
    {
        var streams = Enumerable.Range(0, (2 * ReplicaLoop.Slice) + 1).Select(_ => Open()).ToArray();
        var answer = Open();
        answer.Receiver.IsUrgent = true;
        var receiving = streams.Append(answer)
            .Select(pair => pair.Receiver.ReceiveAsync(new byte[8])).ToArray();
        Drain();
        foreach (var pair in streams.Append(answer))
        {
            pair.Say("x");
        }

        _loop.Turn();
        var (first, others) = (receiving[^1].IsCompleted, receiving[..^1].Count(task => task.IsCompleted));
        _loop.Turn();
        var second = receiving[..^1].Count(task => task.IsCompleted);
        _loop.Turn();

        Assert.Equal((true, ReplicaLoop.Slice), (first, others));
        Assert.Equal(2 * ReplicaLoop.Slice, second);
        Assert.All(receiving, task => Assert.True(task.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Receive_MoreThanTheBufferHolds_GivesTheRestWithoutWaiting()
    {
        var pair = Open();
        var first = pair.Receiver.ReceiveAsync(new byte[4]).AsTask();
        Drain();
        pair.Say("abcdef");
        _loop.Turn();
        var rest = new byte[4];
        var whole = await first;
        var second = pair.Receiver.ReceiveAsync(rest);
        var isThere = second.IsCompletedSuccessfully;

        Assert.Equal((4, true), (whole, isThere));
        Assert.Equal("ef", System.Text.Encoding.ASCII.GetString(rest, 0, await second));
        var third = pair.Receiver.ReceiveAsync(rest);
        Assert.False(third.IsCompleted);
    }

    [Fact]
    public async Task Receive_OfWhatCameBeforeAnyoneWaited_GivesIt()
    {
        var pair = Open();
        Drain();
        pair.Say("abc");
        _loop.Turn();

        Assert.Equal(3, await pair.Receiver.ReceiveAsync(new byte[8]));
    }

    [Fact]
    public async Task Receive_LastBytesAndTheEndSeenAtOnce_GivesBoth()
    {
        var pair = Open();
        var last = pair.Receiver.ReceiveAsync(new byte[8]).AsTask();
        Drain();
        pair.Say("abc", andClose: true);
        _loop.Turn();

        Assert.Equal(3, await last);
        Assert.Equal(0, await pair.Receiver.ReceiveAsync(new byte[8]));
    }

    [Fact]
    public async Task Receive_ClosedUnderIt_EndsInAnError()
    {
        var pair = Open();
        var waiting = pair.Receiver.ReceiveAsync(new byte[8]).AsTask();
        pair.Receiver.Dispose();

        var error = await Assert.ThrowsAsync<SocketException>(() => waiting);
        Assert.Equal(SocketError.OperationAborted, error.SocketErrorCode);
        error = await Assert.ThrowsAsync<SocketException>(() => pair.Receiver.ReceiveAsync(new byte[8]).AsTask());
        Assert.Equal(SocketError.OperationAborted, error.SocketErrorCode);
    }

    [Theory]
    [InlineData("", false, false)]
    [InlineData("", true, true)]
    [InlineData("HTTP/1.1 200 OK", false, true)]
    public void IsStale_IdleConnection_TellsWhetherItMayBeUsed(string unasked, bool isClosed, bool isStale)
    {
        var pair = Open();
        Drain();
        if (unasked.Length > 0 || isClosed)
        {
            pair.Say(unasked, isClosed);
            _loop.Turn();
        }

        Assert.Equal(isStale, pair.Receiver.IsStale());
    }

    [Fact]
    public async Task Open_ByNameOrAddress_ConnectsAndCarriesBytes()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        foreach (var endPoint in new EndPoint[] { listener.LocalEndpoint, new DnsEndPoint("localhost", port) })
        {
            using var connection = await UpstreamSocket.OpenAsync(
                endPoint, new Clock(TimeProvider.System), TestContext.Current.CancellationToken);
            using var peer = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
            await connection.SendAsync("ping"u8.ToArray());
            var asked = new byte[8];
            Assert.Equal(4, await peer.ReceiveAsync(asked, TestContext.Current.CancellationToken));
            await peer.SendAsync("pong!"u8.ToArray(), TestContext.Current.CancellationToken);
            Assert.Equal(5, await connection.ReceiveAsync(new byte[8]));
            Assert.False(connection.IsStale);
        }
    }

    [Fact]
    public async Task Send_MoreThanTheKernelTakes_SendsAllOfIt()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var connection = await UpstreamSocket.OpenAsync(
            listener.LocalEndpoint, new Clock(TimeProvider.System), TestContext.Current.CancellationToken);
        using var peer = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        var body = new byte[32 << 20];
        var sending = connection.SendAsync(body).AsTask();
        Assert.False(sending.IsCompleted);

        var (received, buffer) = (0L, new byte[1 << 20]);
        while (received < body.Length)
        {
            received += await peer.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        }

        await sending;
        await peer.SendAsync("done"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(4, await connection.ReceiveAsync(buffer));
    }

    [Fact]
    public async Task Open_NobodyListens_SaysSo()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // Bound, not listening: nobody else gets the port.

        var error = await Assert.ThrowsAsync<SocketException>(() => UpstreamSocket.OpenAsync(
            taken.LocalEndPoint!, new Clock(TimeProvider.System), TestContext.Current.CancellationToken).AsTask());
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    [Fact]
    public async Task Open_Cancelled_IsCancelled()
    {
        // A full backlog answers no one.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(0);
        using var cancellation = new CancellationTokenSource();
        var opening = new List<Task<UpstreamConnection>>();
        for (var i = 0; i < 8; i++)
        {
            opening.Add(UpstreamSocket.OpenAsync(
                deaf.LocalEndPoint!, new Clock(TimeProvider.System), cancellation.Token).AsTask()); // It is bound.
        }

        await cancellation.CancelAsync();
        var ends = await Task.WhenAll(opening.Select(async task =>
        {
            try
            {
                (await task).Dispose();
                return "open";
            }
            catch (OperationCanceledException)
            {
                return "cancelled";
            }
        }));

        Assert.Contains("cancelled", ends);
    }

    // What the kernel tells of a new connection: that it is there.
    private void Drain()
    {
        var marker = Open();
        var seen = marker.Receiver.ReceiveAsync(Memory<byte>.Empty);
        while (!seen.IsCompleted)
        {
            _loop.Turn();
        }
    }

    private Pair Open()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var from = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        from.Connect(listener.LocalEndPoint!); // It is bound.
        var to = listener.Accept();
        to.Blocking = false;
        var pair = new Pair(from, to, _loop.Add(to));
        _pairs.Add(pair);
        return pair;
    }

    private sealed record Pair(Socket From, Socket To, LoopReceiver Receiver) : IDisposable
    {
        public void Say(string text, bool andClose = false)
        {
            From.Send(System.Text.Encoding.ASCII.GetBytes(text));
            if (andClose)
            {
                From.Shutdown(SocketShutdown.Send);
            }

            // The kernel delivers in its own time.
            To.Poll(TimeSpan.FromSeconds(30), SelectMode.SelectRead);
            while (To.Available < text.Length)
            {
                Thread.Yield();
            }
        }

        public void Dispose()
        {
            Receiver.Dispose();
            To.Dispose();
            From.Dispose();
        }
    }
}
