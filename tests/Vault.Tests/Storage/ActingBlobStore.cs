using Continuity.Vault.Storage;

namespace Continuity.Vault.Tests.Storage;

/// <summary>Does something once, directly before the first blob below a prefix is put: so that a test acts in the
/// middle of an operation, always at the same place.</summary>
internal sealed class ActingBlobStore(IBlobStore inner, string prefix, Action action) : IBlobStore
{
    private int _acted;

    public string Description => inner.Description;

    public ValueTask<StoreCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        inner.GetCapabilitiesAsync(cancellationToken);

    public ValueTask<PutOutcome> PutAsync(
        string name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        if (name.StartsWith(prefix, StringComparison.Ordinal) && Interlocked.Exchange(ref _acted, 1) == 0)
        {
            action();
        }

        return inner.PutAsync(name, content, condition, cancellationToken);
    }

    public ValueTask<int> GetAsync(
        string name, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        inner.GetAsync(name, offset, destination, cancellationToken);

    public ValueTask<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken) =>
        inner.StatAsync(name, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken);

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken) =>
        inner.DeleteAsync(name, cancellationToken);

    public ValueTask<int> RemoveAbandonedAsync(TimeSpan minimumAge, CancellationToken cancellationToken) =>
        inner.RemoveAbandonedAsync(minimumAge, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
