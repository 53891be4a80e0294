using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Stores.S3;

/// <summary>Keeps blobs as objects of an S3 bucket, with path-style addresses.</summary>
/// <remarks>Never retries by itself: wrap it in <see cref="RetryingBlobStore"/>. Conditional puts use If-None-Match
/// where the service is found to honour it; elsewhere the store looks first.</remarks>
public sealed class S3BlobStore : IBlobStore
{
    private readonly AmazonS3Client _client;
    private readonly S3StoreSettings _settings;
    private readonly TimeProvider _time;
    private readonly BlobKeys _keys;
    private readonly S3Upload _upload;
    private readonly S3Inquiry _inquiry;

    /// <summary>Opens a bucket.</summary>
    /// <param name="settings">Which bucket, and how.</param>
    /// <param name="credentials">The keys.</param>
    /// <param name="time">The clock that the age of unfinished uploads is measured with.</param>
    public S3BlobStore(S3StoreSettings settings, AWSCredentials credentials, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _time = time;
        _client = new AmazonS3Client(credentials, new AmazonS3Config
        {
            ServiceURL = settings.Endpoint.ToString(),
            AuthenticationRegion = settings.Region,
            ForcePathStyle = true,
            MaxErrorRetry = 0,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
        _keys = new BlobKeys(settings.Prefix);
        _upload = new S3Upload(_client, settings);
        _inquiry = new S3Inquiry(_client, settings.Bucket);
    }

    /// <inheritdoc/>
    public string Description =>
        $"s3:{_settings.Endpoint.GetLeftPart(UriPartial.Authority)}/{_settings.Bucket}/{_settings.Prefix}".TrimEnd('/');

    /// <inheritdoc/>
    public async ValueTask<StoreCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        new(
            await GuardAsync(".", () => _inquiry.DecidesConditionsAsync(_keys, cancellationToken), cancellationToken),
            PutOnly: false,
            StoreDurability.Power,
            await GuardAsync(".", () => _inquiry.GetImmutabilityAsync(cancellationToken), cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<PutOutcome> PutAsync(
        string name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        var key = _keys.KeyOf(name);
        if (condition == PutCondition.None)
        {
            await GuardAsync(name, () => SendAsync(key, content, null, cancellationToken), cancellationToken);
            return PutOutcome.Written;
        }

        if (!_inquiry.KnownToDecideConditions && await StatAsync(name, cancellationToken) is not null)
        {
            return PutOutcome.AlreadyExists;
        }

        return await GuardAsync(name, () => PutIfAbsentAsync(key, content, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<int> GetAsync(
        string name, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var key = _keys.KeyOf(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return destination.IsEmpty
            ? 0
            : await GuardAsync(name, () => ReadAsync(key, offset, destination, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken)
    {
        var key = _keys.KeyOf(name);
        try
        {
            return await GuardAsync<BlobInfo?>(
                name,
                async () =>
                {
                    var found = await _client.GetObjectMetadataAsync(_settings.Bucket, key, cancellationToken);
                    return new BlobInfo(name, found.ContentLength, Utc(found.LastModified));
                },
                cancellationToken);
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
        var request = new ListObjectsV2Request { BucketName = _settings.Bucket, Prefix = _keys.PrefixOf(prefix) };
        ListObjectsV2Response page;
        do
        {
            page = await GuardAsync(
                prefix, () => _client.ListObjectsV2Async(request, cancellationToken), cancellationToken);
            foreach (var item in page.S3Objects ?? [])
            {
                if (_keys.NameOf(item.Key) is { } name)
                {
                    yield return new BlobInfo(name, item.Size ?? 0, Utc(item.LastModified));
                }
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var key = _keys.KeyOf(name);
        try
        {
            await GuardAsync(
                name, () => _client.DeleteObjectAsync(_settings.Bucket, key, cancellationToken), cancellationToken);
        }
        catch (BlobNotFoundException)
        {
            // Amazon says "deleted", others "not found": gone either way.
        }
    }

    /// <inheritdoc/>
    /// <remarks>The service cannot tell whether the writer of an unfinished upload still lives: choose an age longer
    /// than any put. Uploads that this store means to resume are kept.</remarks>
    public async ValueTask<int> RemoveAbandonedAsync(TimeSpan minimumAge, CancellationToken cancellationToken)
    {
        var newest = _time.GetUtcNow() - minimumAge;
        var request =
            new ListMultipartUploadsRequest { BucketName = _settings.Bucket, Prefix = _keys.PrefixOf(string.Empty) };
        var listing = await GuardAsync(
            ".", () => _client.ListMultipartUploadsAsync(request, cancellationToken), cancellationToken);
        var removed = 0;
        foreach (var upload in listing.MultipartUploads ?? [])
        {
            if (Utc(upload.Initiated) <= newest && !_upload.IsUnfinished(upload.UploadId))
            {
                await GuardAsync(
                    upload.Key,
                    () => _client.AbortMultipartUploadAsync(
                        _settings.Bucket, upload.Key, upload.UploadId, cancellationToken),
                    cancellationToken);
                removed++;
            }
        }

        return removed;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<PutOutcome> PutIfAbsentAsync(
        string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(key, content, _inquiry.KnownToRefuseConditions ? null : "*", cancellationToken);
            return PutOutcome.Written;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return PutOutcome.AlreadyExists;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotImplemented)
        {
            _inquiry.RememberRefusal();
            await SendAsync(key, content, null, cancellationToken);
            return PutOutcome.Written;
        }
    }

    private async Task<bool> SendAsync(
        string key, ReadOnlyMemory<byte> content, string? ifNoneMatch, CancellationToken cancellationToken)
    {
        if (content.Length > _settings.PartBytes)
        {
            await _upload.PutAsync(key, content, ifNoneMatch, cancellationToken);
            return true;
        }

        await _client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = _settings.Bucket,
                Key = key,
                InputStream = BlobContent.AsStream(content),
                IfNoneMatch = ifNoneMatch,
                UseChunkEncoding = false,
                DisablePayloadSigning = _settings.Endpoint.Scheme == Uri.UriSchemeHttps,
            },
            cancellationToken);
        return true;
    }

    private async Task<int> ReadAsync(
        string key, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest
        {
            BucketName = _settings.Bucket,
            Key = key,
            ByteRange = new ByteRange(offset, offset + destination.Length - 1),
        };
        try
        {
            using var response = await _client.GetObjectAsync(request, cancellationToken);
            var expected = (int)Math.Min(response.ContentLength, destination.Length);
            await response.ResponseStream.ReadExactlyAsync(destination[..expected], cancellationToken);
            return expected;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return 0; // The range begins at or behind the object's end.
        }
    }

    private async Task<T> GuardAsync<T>(string name, Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        try
        {
            return await operation();
        }
        catch (Exception exception) when (S3Errors.IsFailure(exception, cancellationToken))
        {
            throw S3Errors.Translate(exception, Description, name);
        }
    }

    private static DateTimeOffset Utc(DateTime? value) =>
        value is { } time ? new DateTimeOffset(time.ToUniversalTime()) : DateTimeOffset.UnixEpoch;
}
