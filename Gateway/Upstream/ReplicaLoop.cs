using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Continuity.Gateway.Upstream;

/// <summary>
/// A thread that reads replicas' sockets as they become ready: answers that somebody waits for to begin come before the
/// next events of streams that run.
/// </summary>
/// <remarks>
/// Model servers write on a beat, so the events of many streams are ready at once. In the order in which they came, a
/// first token would wait for all those before it, and a new request, read by the clients' threads, would too.
/// </remarks>
internal sealed class ReplicaLoop
{
    // Between so many streams' events it looks whether an answer has begun.
    internal const int Slice = 8;

    private static readonly Lazy<ReplicaLoop[]> Loops = new(Start);
    private static int _dealt;
    private readonly ReadyList _ready = new();
    private readonly ConcurrentDictionary<long, LoopReceiver> _receivers = new();
    private readonly Queue<LoopReceiver> _later = new();
    private long _lastKey;

    /// <summary>All of the process's; none where the kernel has no epoll.</summary>
    public static IReadOnlyList<ReplicaLoop> All => Loops.Value;

    /// <summary>The one that reads the next socket, or nothing where there are none.</summary>
    public static ReplicaLoop? Next()
    {
        var loops = Loops.Value;
        return loops.Length == 0 ? null : loops[(uint)Interlocked.Increment(ref _dealt) % (uint)loops.Length];
    }

    /// <summary>Reads the socket from here on, until the returned receiver is disposed.</summary>
    /// <param name="socket">Connected, or about to be; not blocking.</param>
    /// <param name="isUrgent">Whether somebody waits for it to be connected: as for an answer to begin.</param>
    public LoopReceiver Add(Socket socket, bool isUrgent = false)
    {
        var key = Interlocked.Increment(ref _lastKey);
        var receiver = new LoopReceiver(socket, this, key) { IsUrgent = isUrgent };
        _receivers[key] = receiver;
        _ready.Watch(socket.SafeHandle, key);
        return receiver;
    }

    public void Remove(long key) => _receivers.TryRemove(key, out _);

    /// <summary>Waits until sockets are ready; reads those that begin an answer and a slice of the others.</summary>
    internal void Turn()
    {
        var count = _ready.Wait(forever: _later.Count == 0);
        for (var i = 0; i < count; i++)
        {
            var (key, isEnd) = _ready.Read(i);
            if (!_receivers.TryGetValue(key, out var receiver))
            {
                continue;
            }

            receiver.HasEnded |= isEnd;
            if (receiver.IsUrgent)
            {
                receiver.BecomeReady();
            }
            else
            {
                _later.Enqueue(receiver);
            }
        }

        for (var left = Slice; left > 0 && _later.TryDequeue(out var receiver); left--)
        {
            receiver.BecomeReady();
        }
    }

    private static ReplicaLoop[] Start()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var loops = new ReplicaLoop[Math.Max(1, Environment.ProcessorCount / 2)];
        for (var i = 0; i < loops.Length; i++)
        {
            loops[i] = new ReplicaLoop();
            new Thread(loops[i].Run) { IsBackground = true, Name = "Replica sockets" }.UnsafeStart();
        }

        return loops;
    }

    private void Run()
    {
        while (true)
        {
            Turn();
        }
    }
}
