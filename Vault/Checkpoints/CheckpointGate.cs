namespace Continuity.Vault.Checkpoints;

/// <summary>Tells whether a folder may be snapshotted as whole checkpoints, and waits until it may.</summary>
/// <param name="time">The clock for waits.</param>
public sealed class CheckpointGate(TimeProvider time)
{
    /// <summary>Looks at a folder once: finds what its indexes miss, but not that a file without an index still grows.
    /// </summary>
    /// <param name="folder">The folder; read, never changed.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <returns>What the indexes say.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static CheckpointState Look(string folder, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return CheckpointInspector.Inspect(FolderLook.Take(folder, cancellationToken), cancellationToken);
    }

    /// <summary>Looks at a folder until it is complete and did not change between two looks, or the wait is
    /// over.</summary>
    /// <param name="folder">The folder; read, never changed.</param>
    /// <param name="policy">How far apart the looks are, and how long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The last look's result.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public async Task<CheckpointState> WaitAsync(
        string folder, CheckpointPolicy policy, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(policy);
        var started = time.GetTimestamp();
        var before = FolderLook.Take(folder, cancellationToken);
        while (true)
        {
            await Task.Delay(policy.Settle, time, cancellationToken);
            var now = FolderLook.Take(folder, cancellationToken);
            var problems = now.ChangesSince(before);
            if (problems.Count == 0)
            {
                // A folder that is at rest is worth reading; one that changes would be judged wrongly anyway.
                var state = CheckpointInspector.Inspect(now, cancellationToken);
                if (state is CheckpointState.Complete)
                {
                    return state;
                }

                problems = ((CheckpointState.Incomplete)state).Problems;
            }

            if (time.GetElapsedTime(started) + policy.Settle > policy.Wait)
            {
                return new CheckpointState.Incomplete(problems);
            }

            before = now;
        }
    }
}
