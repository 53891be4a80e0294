namespace Continuity.Vault.Storage;

/// <summary>Reads from a store and writes nowhere: what is put is taken and forgotten. For dry runs.</summary>
/// <param name="inner">The store to read from; stays the caller's.</param>
internal sealed class DiscardingBlobStore(IBlobStore inner) : IBlobStore
{
    /// <inheritdoc/>
    public string Description => inner.Description;

    /// <inheritdoc/>
    public ValueTask<StoreCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        inner.GetCapabilitiesAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<PutOutcome> PutAsync(
        string name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        BlobName.ThrowIfInvalid(name);
        return ValueTask.FromResult(PutOutcome.Written);
    }

    /// <inheritdoc/>
    public ValueTask<int> GetAsync(
        string name, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        inner.GetAsync(name, offset, destination, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken) =>
        inner.StatAsync(name, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        BlobName.ThrowIfInvalid(name);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<int> RemoveAbandonedAsync(TimeSpan minimumAge, CancellationToken cancellationToken) =>
        ValueTask.FromResult(0);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
