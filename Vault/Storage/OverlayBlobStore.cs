using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Continuity.Vault.Storage;

/// <summary>Reads from a store and writes into another one above it: shows how the store would look, and leaves it as
/// it is.</summary>
/// <param name="below">The store to read from; stays the caller's.</param>
/// <param name="above">An empty store, which takes what is put; stays the caller's.</param>
internal sealed class OverlayBlobStore(IBlobStore below, IBlobStore above) : IBlobStore
{
    // Names that were put (true) or deleted (false): of all others, the store below tells.
    private readonly ConcurrentDictionary<string, bool> _changes = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Description => below.Description;

    /// <inheritdoc/>
    public ValueTask<StoreCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        below.GetCapabilitiesAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<PutOutcome> PutAsync(
        string name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        if (condition == PutCondition.IfAbsent && await StatAsync(name, cancellationToken) is not null)
        {
            return PutOutcome.AlreadyExists;
        }

        var outcome = await above.PutAsync(name, content, condition, cancellationToken);
        _changes[name] = true;
        return outcome;
    }

    /// <inheritdoc/>
    public ValueTask<int> GetAsync(
        string name, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        HolderOf(name).GetAsync(name, offset, destination, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken) =>
        HolderOf(name).StatAsync(name, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobInfo> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in above.ListAsync(prefix, cancellationToken))
        {
            yield return blob;
        }

        await foreach (var blob in below.ListAsync(prefix, cancellationToken))
        {
            if (!_changes.ContainsKey(blob.Name))
            {
                yield return blob;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await above.DeleteAsync(name, cancellationToken);
        _changes[name] = false;
    }

    /// <inheritdoc/>
    public ValueTask<int> RemoveAbandonedAsync(TimeSpan minimumAge, CancellationToken cancellationToken) =>
        ValueTask.FromResult(0);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // What was deleted is in neither; the one above says so in the words of a store.
    private IBlobStore HolderOf(string name) => _changes.ContainsKey(name) ? above : below;
}
