using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Continuity.Vault.Workers;

/// <summary>What one thread of a <see cref="WorkerGroup{T}"/> owns: its buffers, and how it does an item.</summary>
internal interface IWorker<in T> : IDisposable
{
    void Process(T item);
}

/// <summary>Threads that take items from a bounded queue. The first failure stops all of them and is thrown to the
/// caller.</summary>
/// <remarks>Threads of their own and not the pool's: they are busy for the whole run, and the pool, which starts with
/// one thread per core, must stay free for the stores' input and output.</remarks>
internal sealed class WorkerGroup<T> : IDisposable
{
    private readonly BlockingCollection<T> _queue;
    private readonly CancellationTokenSource _stop;
    private readonly Thread[] _threads;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts the threads.</summary>
    /// <param name="name">The threads' name.</param>
    /// <param name="count">How many.</param>
    /// <param name="capacity">The most items that wait; <see cref="Post"/> then blocks.</param>
    /// <param name="create">Makes a worker; called on its thread.</param>
    /// <param name="cancellationToken">Stops the threads.</param>
    public WorkerGroup(
        string name, int count, int capacity, Func<IWorker<T>> create, CancellationToken cancellationToken)
    {
        _queue = new BlockingCollection<T>(capacity);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Stopped = _stop.Token;
        _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(() => Run(create)) { Name = name,
            IsBackground = true })];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>How many workers there are.</summary>
    public int Count => _threads.Length;

    /// <summary>Cancelled when a worker failed or the caller cancelled: whoever waits for results waits with
    /// it.</summary>
    public CancellationToken Stopped { get; }

    /// <summary>Hands an item to the workers; waits while the queue is full.</summary>
    public void Post(T item)
    {
        try
        {
            _queue.Add(item, Stopped);
        }
        catch (OperationCanceledException)
        {
            _failure?.Throw();
            throw;
        }
    }

    /// <summary>Stops all work because of a failure elsewhere in the same pipeline.</summary>
    public void Fail(Exception exception)
    {
        Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
        _stop.Cancel();
    }

    /// <summary>Throws what went wrong first, if anything did.</summary>
    public void ThrowIfFailed()
    {
        _failure?.Throw();
        Stopped.ThrowIfCancellationRequested();
    }

    /// <summary>Waits until every item is done.</summary>
    public void Complete()
    {
        _queue.CompleteAdding();
        Join();
        ThrowIfFailed();
    }

    public void Dispose()
    {
        _stop.Cancel();
        Join();
        _queue.Dispose();
        _stop.Dispose();
    }

    private void Join()
    {
        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void Run(Func<IWorker<T>> create)
    {
        try
        {
            using var worker = create();
            foreach (var item in _queue.GetConsumingEnumerable(Stopped))
            {
                worker.Process(item);
            }
        }
        catch (OperationCanceledException) when (Stopped.IsCancellationRequested)
        {
            // Stopped by the caller or by another worker's failure, which is the one to report.
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }
}
