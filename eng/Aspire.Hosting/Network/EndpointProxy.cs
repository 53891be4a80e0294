using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Aspire.Hosting.Network;

/// <summary>
/// The stable address of an endpoint. Each connection goes to one replica, chosen at random; while none answers it is
/// parked, and when one fails to answer another is dialled.
/// </summary>
internal sealed class EndpointProxy : IAsyncDisposable
{
    internal const int MaxParked = 256;
    private const int BufferBytes = 32 * 1024;
    private static readonly TimeSpan ParkLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DialLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DialAgain = TimeSpan.FromMilliseconds(50);

    private readonly LoopbackListener _listener;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _accepting;
    private ImmutableArray<int> _targets = [];
    private TaskCompletionSource _changed = NewSignal();
    private int _parked;

    public EndpointProxy(LoopbackListener listener, TimeProvider time)
    {
        _listener = listener;
        _time = time;
        _accepting = [.. listener.Sockets.Where(socket => socket.IsBound).Select(AcceptAsync)];
    }

    public int Port => _listener.Port;

    public void Add(int targetPort) => Change(targets =>
        targets.Contains(targetPort) ? targets : targets.Add(targetPort));

    public void Remove(int targetPort) => Change(targets => targets.Remove(targetPort));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll(_accepting);
        _stopping.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Func<ImmutableArray<int>, ImmutableArray<int>> change)
    {
        ImmutableInterlocked.Update(ref _targets, change);
        Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptAsync(_stopping.Token);
                _ = ServeAsync(client);
            }
            catch (Exception exception)
                when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Either the end, checked above, or a client that left before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                using var target = await DialAsync();
                if (target is not null)
                {
                    await Task.WhenAll(CopyAsync(client, target), CopyAsync(target, client));
                }
            }
            catch (Exception exception)
                when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A connection ends when either side does; closing both tells the other.
            }
        }
    }

    private async Task<Socket?> DialAsync()
    {
        if (await TryDialOnceAsync() is { } immediate)
        {
            return immediate;
        }

        if (Interlocked.Increment(ref _parked) > MaxParked)
        {
            Interlocked.Decrement(ref _parked);
            return null;
        }

        try
        {
            using var limit = new CancellationTokenSource(ParkLimit, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
            while (true)
            {
                // Read before the attempt: a replica that comes during it is not missed.
                var changed = Volatile.Read(ref _changed).Task;
                if (await TryDialOnceAsync() is { } target)
                {
                    return target;
                }

                var wait = _targets.IsEmpty ? changed : Task.Delay(DialAgain, _time, either.Token);
                await wait.WaitAsync(either.Token);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _parked);
        }
    }

    private async Task<Socket?> TryDialOnceAsync()
    {
        var targets = _targets.ToArray();
        RandomNumberGenerator.Shuffle<int>(targets);
        foreach (var port in targets)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var limit = new CancellationTokenSource(DialLimit, _time);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), limit.Token);
                return socket;
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                socket.Dispose();
            }
        }

        return null;
    }

    private async Task CopyAsync(Socket source, Socket target)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int count;
            while ((count = await source.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token)) > 0)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await target.SendAsync(
                        buffer.AsMemory(sent, count - sent), SocketFlags.None, _stopping.Token);
                }
            }

            target.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            // A broken direction breaks the other one too: a half-dead connection would hide the failure.
            source.Dispose();
            target.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
