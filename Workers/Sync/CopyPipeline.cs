using System.Collections.Concurrent;
using Continuity.Workers.Jobs;

namespace Continuity.Workers.Sync;

/// <summary>Some threads that stage files, and the caller's, which commits them.</summary>
internal sealed class CopyPipeline(FileStager stager, CommitQueue commits, int parallelism)
{
    // A file that cannot be copied keeps only itself back; so many of them mean that something larger is wrong.
    private const int MaxFailures = 100;

    private readonly ConcurrentQueue<JobFailureException> _failures = new();
    private readonly ConcurrentDictionary<string, bool> _vanished = new(StringComparer.Ordinal);
    private int _next = -1;

    /// <summary>Copies all; answers with the files that had vanished.</summary>
    /// <exception cref="JobFailureException">Some could not be copied; all the others were.</exception>
    public ICollection<string> Run(IReadOnlyList<FileWork> files, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stagers = Enumerable.Range(0, Math.Min(parallelism, files.Count))
            .Select(_ => BlockingWork.RunAsync(() => StageAll(files, stop)))
            .ToArray();
        var all = Task.WhenAll(stagers);
        _ = all.ContinueWith(
            _ => commits.Complete(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            commits.Run(stop.Token);
        }
        finally
        {
            stop.Cancel();
            Settle(all);
        }

        ThrowFailures();
        return _vanished.Keys;
    }

    private bool StageAll(IReadOnlyList<FileWork> files, CancellationTokenSource stop)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(stager.BlockBytes);
        try
        {
            while (Interlocked.Increment(ref _next) is var index && index < files.Count)
            {
                stop.Token.ThrowIfCancellationRequested();
                StageOne(files[index], buffer, stop.Token);
            }

            return true;
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }

    private void StageOne(FileWork work, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (stager.Stage(work, buffer, cancellationToken) is { } staged)
            {
                commits.Add(staged, cancellationToken);
            }
            else
            {
                _vanished[work.Path] = true;
            }
        }
        catch (JobFailureException failure) when (
            failure.Code is FailureCodes.SourceUnreadable or FailureCodes.FileBusy && _failures.Count < MaxFailures)
        {
            _failures.Enqueue(failure);
        }
    }

    // Waits for the threads, and lets the error of the first that failed come out rather than the cancellation it
    // caused.
    private static void Settle(Task<bool[]> all)
    {
        ((Task)all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        var failure = all.Exception?.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException);
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void ThrowFailures()
    {
        if (_failures.TryDequeue(out var first))
        {
            throw _failures.IsEmpty
                ? first
                : new JobFailureException(
                    first.Code, $"{first.Message} The same holds for {_failures.Count} more files.", first);
        }
    }
}
