namespace Continuity.Workers.Jobs;

/// <summary>
/// Runs work that blocks on a disk on a thread of its own. On the pool's few threads it would starve the renewal of
/// leases, and a worker busy with a slow disk would lose the job it works on.
/// </summary>
internal static class BlockingWork
{
    public static Task<T> RunAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(
            work,
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
}
