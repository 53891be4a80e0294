using Continuity.Vault.Formats;

namespace Continuity.Vault.Storage;

/// <summary>Lets a program write to a store and do nothing else there.</summary>
/// <remarks>The store's own permissions are what stops an attacker; this keeps an honest program from asking for more
/// than put-only credentials give it. Puts never replace and deletes are refused. Stats and listings are allowed: they
/// show names, not content. Of the content, `config` and the keys can be read, which a writer must open first and which
/// are sealed: grant put-only credentials as much.</remarks>
/// <param name="inner">The store; disposed with this one.</param>
public sealed class PutOnlyBlobStore(IBlobStore inner) : IBlobStore
{
    /// <inheritdoc/>
    public string Description => inner.Description;

    /// <inheritdoc/>
    public async ValueTask<StoreCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        await inner.GetCapabilitiesAsync(cancellationToken) with { PutOnly = true };

    /// <inheritdoc/>
    public async ValueTask<PutOutcome> PutAsync(
        string name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        var outcome = await inner.PutAsync(name, content, PutCondition.IfAbsent, cancellationToken);
        if (outcome == PutOutcome.Written || condition == PutCondition.IfAbsent)
        {
            return outcome;
        }

        // An upload that is repeated after its answer was lost finds itself.
        return (await inner.StatAsync(name, cancellationToken))?.Length == content.Length
            ? PutOutcome.Written
            : throw Denied("replaced", name);
    }

    /// <inheritdoc/>
    public ValueTask<int> GetAsync(
        string name, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        BlobName.ThrowIfInvalid(name);
        return name == BlobNames.Config || name.StartsWith(BlobNames.Keys, StringComparison.Ordinal)
            ? inner.GetAsync(name, offset, destination, cancellationToken)
            : throw Denied("read", name);
    }

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
        throw Denied("deleted", name);
    }

    /// <inheritdoc/>
    public ValueTask<int> RemoveAbandonedAsync(TimeSpan minimumAge, CancellationToken cancellationToken) =>
        ValueTask.FromResult(0);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private StoreAccessDeniedException Denied(string verb, string name) =>
        new($"'{name}' in {inner.Description} may not be {verb}: the store was opened for writing only.");
}
