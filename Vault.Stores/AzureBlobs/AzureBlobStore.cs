using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Continuity.Vault.Storage;
using BlobInfo = Continuity.Vault.Storage.BlobInfo;

namespace Continuity.Vault.Stores.AzureBlobs;

/// <summary>Keeps blobs as block blobs of an Azure container.</summary>
/// <remarks>Never retries by itself: wrap it in <see cref="RetryingBlobStore"/>. Leases are not used: no blob is
/// changed in place, and If-None-Match decides who creates one. The service drops blocks that were never committed
/// after a week.</remarks>
/// <param name="container">The container, with its credentials; it must exist. Its client must not retry.</param>
/// <param name="prefix">What all names begin with in the container; may be empty.</param>
/// <param name="blockBytes">The length of an upload's blocks; a longer blob is uploaded in several.</param>
public sealed class AzureBlobStore(BlobContainerClient container, string prefix, int blockBytes) : IBlobStore
{
    /// <summary>The usual length of an upload's blocks: 8 MiB.</summary>
    public const int DefaultBlockBytes = 8 << 20;

    private readonly BlobKeys _keys = new(prefix);
    private readonly AzureUpload _upload = new(blockBytes);

    /// <inheritdoc/>
    public string Description => $"azure:{container.Name}:/{prefix} at {container.AccountName}";

    /// <inheritdoc/>
    public async ValueTask<StoreCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        new(
            ConditionalPut: true,
            PutOnly: false,
            StoreDurability.Power,
            await GetImmutabilityAsync(cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<PutOutcome> PutAsync(
        string name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        var blob = BlobOf(name);
        var conditions = condition == PutCondition.IfAbsent
            ? new BlobRequestConditions { IfNoneMatch = ETag.All }
            : null;
        try
        {
            await GuardAsync(
                name, () => _upload.PutAsync(blob, content, conditions, cancellationToken), cancellationToken);
            return PutOutcome.Written;
        }
        catch (AlreadyExistsException)
        {
            return PutOutcome.AlreadyExists;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> GetAsync(
        string name, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var blob = BlobOf(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return destination.IsEmpty
            ? 0
            : await GuardAsync(name, () => ReadAsync(blob, offset, destination, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken)
    {
        var blob = BlobOf(name);
        try
        {
            var found = await GuardAsync(
                name, () => blob.GetPropertiesAsync(cancellationToken: cancellationToken), cancellationToken);
            return new BlobInfo(name, found.Value.ContentLength, found.Value.LastModified.ToUniversalTime());
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobInfo> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new GetBlobsOptions { Prefix = _keys.PrefixOf(prefix) };
        await using var blobs = container.GetBlobsAsync(options, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await GuardAsync(prefix, () => blobs.MoveNextAsync().AsTask(), cancellationToken))
        {
            if (_keys.NameOf(blobs.Current.Name) is { } name)
            {
                var properties = blobs.Current.Properties;
                yield return new BlobInfo(
                    name,
                    properties.ContentLength ?? 0,
                    properties.LastModified?.ToUniversalTime() ?? DateTimeOffset.UnixEpoch);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var blob = BlobOf(name);
        await GuardAsync(name, () => blob.DeleteIfExistsAsync(cancellationToken: cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    /// <returns>Always 0: the service removes uncommitted blocks by itself.</returns>
    public ValueTask<int> RemoveAbandonedAsync(TimeSpan minimumAge, CancellationToken cancellationToken) =>
        ValueTask.FromResult(0);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<int> ReadAsync(
        BlockBlobClient blob, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions { Range = new HttpRange(offset, destination.Length) };
        try
        {
            using var response = (await blob.DownloadStreamingAsync(options, cancellationToken)).Value;
            var expected = (int)Math.Min(response.Details.ContentLength, destination.Length);
            await response.Content.ReadExactlyAsync(destination[..expected], cancellationToken);
            return expected;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.InvalidRange)
        {
            return 0; // The range begins at or behind the blob's end.
        }
    }

    private async ValueTask<StoreImmutability> GetImmutabilityAsync(CancellationToken cancellationToken)
    {
        try
        {
            var response = await GuardAsync(
                ".", () => container.GetPropertiesAsync(cancellationToken: cancellationToken), cancellationToken);
            return response.Value switch
            {
                { HasLegalHold: true } => new StoreImmutability(ImmutabilityKind.Compliance, null),
                // Whether the policy is locked, and for how long, only the management interface tells.
                { HasImmutabilityPolicy: true } or { HasImmutableStorageWithVersioning: true } =>
                    new StoreImmutability(ImmutabilityKind.Governance, null),
                _ => StoreImmutability.None,
            };
        }
        catch (StoreAccessDeniedException)
        {
            return new StoreImmutability(ImmutabilityKind.Unknown, null);
        }
    }

    private BlockBlobClient BlobOf(string name) => container.GetBlockBlobClient(_keys.KeyOf(name));

    private async Task<T> GuardAsync<T>(string name, Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        try
        {
            return await operation();
        }
        catch (Exception exception) when (
            exception is RequestFailedException or IOException or HttpRequestException or AggregateException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw AzureErrors.Translate(exception, Description, name);
        }
    }
}
