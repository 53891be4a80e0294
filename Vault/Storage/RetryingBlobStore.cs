using System.Runtime.CompilerServices;

namespace Continuity.Vault.Storage;

/// <summary>Repeats what another store could not do for the moment: the one place where operations are
/// retried.</summary>
/// <remarks>Only <see cref="StoreUnavailableException"/> is retried, with doubled, jittered waits. A put whose answer
/// was lost may find its own blob on the next attempt: it compares the content, and reports
/// <see cref="PutOutcome.Written"/> if it is the same.</remarks>
/// <param name="inner">The store; disposed with this one.</param>
/// <param name="options">How often and how long.</param>
/// <param name="time">The clock for waits.</param>
/// <param name="jitter">Spreads the waits of many writers; used under a lock.</param>
public sealed class RetryingBlobStore(
    IBlobStore inner, RetryOptions options, TimeProvider time, Random jitter) : IBlobStore
{
    private const int CompareBytes = 1 << 20;

    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public string Description => inner.Description;

    /// <inheritdoc/>
    public ValueTask<StoreCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        RetryAsync(_ => inner.GetCapabilitiesAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<PutOutcome> PutAsync(
        string name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        RetryAsync(
            async attempt =>
            {
                var outcome = await inner.PutAsync(name, content, condition, cancellationToken);
                return outcome == PutOutcome.AlreadyExists
                    && attempt > 0 && await HoldsAsync(name, content, cancellationToken)
                    ? PutOutcome.Written
                    : outcome;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> GetAsync(
        string name, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        RetryAsync(_ => inner.GetAsync(name, offset, destination, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken) =>
        RetryAsync(_ => inner.StatAsync(name, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>A listing that breaks off begins again and leaves out what was already returned.</remarks>
    public async IAsyncEnumerable<BlobInfo> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var attempt = 0; ; attempt++)
        {
            StoreUnavailableException? failure = null;
            await using var listing = inner.ListAsync(prefix, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await listing.MoveNextAsync())
                    {
                        yield break;
                    }
                }
                catch (StoreUnavailableException exception) when (attempt + 1 < options.MaxAttempts)
                {
                    failure = exception;
                    break;
                }

                if (seen.Add(listing.Current.Name))
                {
                    yield return listing.Current;
                }
            }

            await WaitAsync(attempt, failure, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken) =>
        await RetryAsync(
            async _ =>
            {
                await inner.DeleteAsync(name, cancellationToken);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> RemoveAbandonedAsync(TimeSpan minimumAge, CancellationToken cancellationToken) =>
        RetryAsync(_ => inner.RemoveAbandonedAsync(minimumAge, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async ValueTask<T> RetryAsync<T>(Func<int, ValueTask<T>> operation, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await operation(attempt);
            }
            catch (StoreUnavailableException exception) when (attempt + 1 < options.MaxAttempts)
            {
                await WaitAsync(attempt, exception, cancellationToken);
            }
        }
    }

    private Task WaitAsync(int attempt, StoreUnavailableException failure, CancellationToken cancellationToken)
    {
        double share;
        lock (_lock)
        {
            share = 0.5 + (jitter.NextDouble() / 2);
        }

        var doubled = options.FirstDelay * Math.Pow(2, Math.Min(attempt, 30)) * share;
        var delay = failure.RetryAfter is { } asked && asked > doubled ? asked : doubled;
        return Task.Delay(delay < options.MaxDelay ? delay : options.MaxDelay, time, cancellationToken);
    }

    // A put-only store cannot tell; its user then learns that the name is taken, as after any other writer's put.
    private async ValueTask<bool> HoldsAsync(
        string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if ((await inner.GetCapabilitiesAsync(cancellationToken)).PutOnly
            || (await inner.StatAsync(name, cancellationToken))?.Length != content.Length)
        {
            return false;
        }

        using var buffer = AlignedMemoryPool.Shared.Rent(CompareBytes);
        for (var offset = 0; offset < content.Length; offset += CompareBytes)
        {
            var expected = content.Slice(offset, Math.Min(CompareBytes, content.Length - offset));
            var found = buffer.Memory[..expected.Length];
            if (await inner.GetAsync(name, offset, found, cancellationToken) != found.Length
                || !found.Span.SequenceEqual(expected.Span))
            {
                return false;
            }
        }

        return true;
    }
}
