using System.Net;
using System.Net.Sockets;

namespace Continuity.Testing.Tests;

public sealed class AcceptorTests
{
    /// <summary>The end comes at the moment at which the loop has accepted, and is about to accept again.</summary>
    [Fact]
    public async Task Dispose_WhileTheLoopIsBetweenTwoConnections_EndsInOrder()
    {
        var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var acceptor = new Acceptor((socket, token) =>
        {
            socket.Dispose();
            ending.SetResult();
            token.WaitHandle.WaitOne();
            return Task.CompletedTask;
        });
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, acceptor.Port, TestContext.Current.CancellationToken);
        await ending.Task;

        await acceptor.DisposeAsync();

        using var late = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(async () => await late.ConnectAsync(
            IPAddress.Loopback, acceptor.Port, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Dispose_AServiceFailed_SaysWithWhat()
    {
        var served = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var acceptor = new Acceptor(async (socket, _) =>
        {
            socket.Dispose();
            served.SetResult();
            await Task.Yield();
            throw new InvalidDataException("what it failed with");
        });
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, acceptor.Port, TestContext.Current.CancellationToken);
        await served.Task;

        var exception = await Assert.ThrowsAsync<InvalidDataException>(async () => await acceptor.DisposeAsync());

        Assert.Equal("what it failed with", exception.Message);
    }
}
