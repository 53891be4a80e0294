using Continuity.Vault.Checkpoints;

namespace Continuity.Vault.Backup;

/// <summary>The first look at a source, on a thread of its own: meanwhile the repository says what it has.</summary>
/// <remarks>The thread isn't the pool's, which must stay free for the store's input and output. Disposed, the look is
/// over: a backup that fails leaves nothing behind that still reads the source.</remarks>
internal sealed class SourceLook : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Task _look;

    public SourceLook(CheckpointGuard guard, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A guard that may wait has looked before.
        _look = guard.MayWait
            ? Task.CompletedTask
            : Task.Factory.StartNew(
                () => guard.BeginAsync(_stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default).Unwrap();
    }

    /// <summary>Waits until the source has been looked at.</summary>
    /// <exception cref="IncompleteCheckpointException">A checkpoint isn't whole.</exception>
    public Task WaitAsync() => _look;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // Who waited for the look knows how it ended; who failed before has another failure to report.
        await _look.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
