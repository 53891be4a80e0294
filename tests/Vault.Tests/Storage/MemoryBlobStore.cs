using System.Collections.Concurrent;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Tests.Storage;

/// <summary>Keeps blobs in memory: what a put completed survives the store's user, not the test.</summary>
public sealed class MemoryBlobStore(TimeProvider time) : IBlobStore
{
    private readonly ConcurrentDictionary<string, Blob> _blobs = new(StringComparer.Ordinal);

    public string Description => "memory";

    public ValueTask<StoreCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new StoreCapabilities(
            ConditionalPut: true, PutOnly: false, StoreDurability.Process, StoreImmutability.None));

    public ValueTask<PutOutcome> PutAsync(
        string name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        BlobName.ThrowIfInvalid(name);
        cancellationToken.ThrowIfCancellationRequested();
        var blob = new Blob(content.ToArray(), time.GetUtcNow());
        if (condition == PutCondition.IfAbsent)
        {
            return ValueTask.FromResult(_blobs.TryAdd(name, blob) ? PutOutcome.Written : PutOutcome.AlreadyExists);
        }

        _blobs[name] = blob;
        return ValueTask.FromResult(PutOutcome.Written);
    }

    public ValueTask<int> GetAsync(
        string name, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        BlobName.ThrowIfInvalid(name);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_blobs.TryGetValue(name, out var blob))
        {
            throw new BlobNotFoundException(Description, name);
        }

        var from = (int)Math.Min(offset, blob.Content.Length);
        var length = Math.Min(destination.Length, blob.Content.Length - from);
        blob.Content.AsMemory(from, length).CopyTo(destination);
        return ValueTask.FromResult(length);
    }

    public ValueTask<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken)
    {
        BlobName.ThrowIfInvalid(name);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<BlobInfo?>(_blobs.TryGetValue(name, out var blob) ? InfoOf(name, blob) : null);
    }

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        BlobName.ThrowIfInvalidPrefix(prefix);
        return _blobs.Where(blob => blob.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(blob => InfoOf(blob.Key, blob.Value)).ToList().ToAsyncEnumerable();
    }

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        BlobName.ThrowIfInvalid(name);
        cancellationToken.ThrowIfCancellationRequested();
        _blobs.TryRemove(name, out _);
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> RemoveAbandonedAsync(TimeSpan minimumAge, CancellationToken cancellationToken) =>
        ValueTask.FromResult(0);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static BlobInfo InfoOf(string name, Blob blob) => new(name, blob.Content.Length, blob.Modified);

    private sealed record Blob(byte[] Content, DateTimeOffset Modified);
}
