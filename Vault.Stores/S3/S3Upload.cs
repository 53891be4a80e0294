using System.Collections.Concurrent;
using System.IO.Hashing;
using Amazon.S3;
using Amazon.S3.Model;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Stores.S3;

/// <summary>Uploads blobs in parts. An upload that broke off is kept: the next attempt sends only the missing
/// parts.</summary>
internal sealed class S3Upload(IAmazonS3 client, S3StoreSettings settings)
{
    private readonly ConcurrentDictionary<string, Unfinished> _unfinished = new(StringComparer.Ordinal);

    public bool IsUnfinished(string uploadId) => _unfinished.Values.Any(upload => upload.Id == uploadId);

    public async Task PutAsync(
        string key, ReadOnlyMemory<byte> content, string? ifNoneMatch, CancellationToken cancellationToken)
    {
        var digest = XxHash128.HashToUInt128(content.Span);
        var upload = await TakeAsync(key, digest, cancellationToken);
        try
        {
            await SendPartsAsync(key, upload, content, cancellationToken);
            await client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = settings.Bucket,
                    Key = key,
                    UploadId = upload.Id,
                    IfNoneMatch = ifNoneMatch,
                    PartETags =
                        [.. upload.Parts.OrderBy(part => part.Key).Select(part => new PartETag(part.Key, part.Value))],
                },
                cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode == "NoSuchUpload")
        {
            throw; // Someone removed it as abandoned: the next attempt begins anew.
        }
        catch (Exception exception) when (
            exception is OperationCanceledException
            || S3Errors.Translate(exception, settings.Bucket, key) is not StoreUnavailableException)
        {
            await TryAbortAsync(key, upload.Id);
            throw;
        }
        catch
        {
            _unfinished[key] = upload;
            throw;
        }
    }

    private async Task<Unfinished> TakeAsync(string key, UInt128 digest, CancellationToken cancellationToken)
    {
        if (_unfinished.TryRemove(key, out var unfinished))
        {
            if (unfinished.Digest == digest)
            {
                return unfinished;
            }

            await TryAbortAsync(key, unfinished.Id);
        }

        var started = await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = settings.Bucket, Key = key }, cancellationToken);
        return new Unfinished(started.UploadId, digest, new ConcurrentDictionary<int, string>());
    }

    private Task SendPartsAsync(
        string key, Unfinished upload, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var missing = BlobContent.Split(content, settings.PartBytes)
            .Where(part => !upload.Parts.ContainsKey(part.Index + 1));
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = settings.Parallelism, CancellationToken = cancellationToken,
        };
        return Parallel.ForEachAsync(missing, options, async (part, token) =>
        {
            var sent = await client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = settings.Bucket,
                    Key = key,
                    UploadId = upload.Id,
                    PartNumber = part.Index + 1,
                    PartSize = part.Bytes.Length,
                    InputStream = BlobContent.AsStream(part.Bytes),
                    UseChunkEncoding = false,
                    DisablePayloadSigning = settings.Endpoint.Scheme == Uri.UriSchemeHttps,
                },
                token);
            upload.Parts[part.Index + 1] = sent.ETag;
        });
    }

    // Nothing depends on it: what stays behind is removed as abandoned later. The caller's token may be what ended the
    // put.
    private async Task TryAbortAsync(string key, string uploadId)
    {
        try
        {
            await client.AbortMultipartUploadAsync(settings.Bucket, key, uploadId, CancellationToken.None);
        }
        catch (Exception exception) when (S3Errors.IsFailure(exception, CancellationToken.None))
        {
            // The put's own failure is the one to report.
        }
    }

    private sealed record Unfinished(string Id, UInt128 Digest, ConcurrentDictionary<int, string> Parts);
}
