using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Stores.S3;

/// <summary>Finds out what an S3 service offers, by asking it: services differ, and some ignore what they do not
/// know.</summary>
internal sealed class S3Inquiry(IAmazonS3 client, string bucket)
{
    private volatile Answer _conditions;

    private enum Answer
    {
        Unknown,
        Decides,
        Refuses,
    }

    public bool KnownToDecideConditions => _conditions == Answer.Decides;

    public bool KnownToRefuseConditions => _conditions == Answer.Refuses;

    public void RememberRefusal() => _conditions = Answer.Refuses;

    /// <summary>Puts an empty object twice, the second time only if absent; then deletes it.</summary>
    public async Task<bool> DecidesConditionsAsync(BlobKeys keys, CancellationToken cancellationToken)
    {
        if (_conditions != Answer.Unknown)
        {
            return _conditions == Answer.Decides;
        }

        var key = keys.HiddenKey($"probe-{Guid.NewGuid():N}");
        try
        {
            await PutEmptyAsync(key, null, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.Forbidden)
        {
            return false; // Who may not write has no conditions to rely on; nothing is learnt about the service.
        }

        try
        {
            await PutEmptyAsync(key, "*", cancellationToken);
            _conditions = Answer.Refuses;
        }
        catch (AmazonS3Exception exception) when (
            exception.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotImplemented)
        {
            _conditions = exception.StatusCode == HttpStatusCode.PreconditionFailed ? Answer.Decides : Answer.Refuses;
        }

        await DeleteAsync(key, cancellationToken);
        return _conditions == Answer.Decides;
    }

    public async Task<StoreImmutability> GetImmutabilityAsync(CancellationToken cancellationToken)
    {
        try
        {
            var response = await client.GetObjectLockConfigurationAsync(
                new GetObjectLockConfigurationRequest { BucketName = bucket }, cancellationToken);
            return response.ObjectLockConfiguration?.Rule?.DefaultRetention is { } retention
                ? new StoreImmutability(
                    retention.Mode == ObjectLockRetentionMode.Compliance
                        ? ImmutabilityKind.Compliance
                        : ImmutabilityKind.Governance,
                    TimeSpan.FromDays((retention.Days ?? 0) + (365 * (retention.Years ?? 0))))
                : StoreImmutability.None;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.Forbidden)
        {
            return new StoreImmutability(ImmutabilityKind.Unknown, null);
        }
        catch (AmazonS3Exception exception) when (
            (int)exception.StatusCode is (>= 400 and < 500) or (int)HttpStatusCode.NotImplemented)
        {
            return StoreImmutability.None; // No lock is configured, or the service has none.
        }
    }

    private async Task PutEmptyAsync(string key, string? ifNoneMatch, CancellationToken cancellationToken) =>
        await client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = key,
                InputStream = new MemoryStream(),
                IfNoneMatch = ifNoneMatch,
                UseChunkEncoding = false,
            },
            cancellationToken);

    private async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteObjectAsync(bucket, key, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.Forbidden)
        {
            // Credentials that may only write leave the empty object; it is never listed.
        }
    }
}
