using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Stores.S3;

/// <summary>Names the failures of an S3 service in the port's terms.</summary>
internal static class S3Errors
{
    public static bool IsFailure(Exception exception, CancellationToken cancellationToken) =>
        exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    public static StoreException Translate(Exception exception, string store, string name) => exception switch
    {
        StoreException known => known,
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => new StoreAccessDeniedException(
            $"The bucket of {store} does not exist: create it first.", exception),
        AmazonS3Exception { StatusCode: HttpStatusCode.NotFound } => new BlobNotFoundException(store, name, exception),
        AmazonS3Exception { StatusCode: HttpStatusCode.InsufficientStorage }
            or AmazonS3Exception { ErrorCode: "QuotaExceeded" or "XMinioStorageFull" } =>
            new StoreFullException($"No room is left for '{name}' in {store}: {exception.Message}", exception),
        AmazonS3Exception { ErrorCode: "RequestTimeout" or "SlowDown" or "RequestTimeTooSkewed" or "NoSuchUpload" } =>
            Unavailable(exception, store, name),
        AmazonS3Exception { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict } =>
            Unavailable(exception, store, name),
        AmazonS3Exception refused when (int)refused.StatusCode is >= 400 and < 500 => new StoreAccessDeniedException(
            $"{store} refuses access to '{name}' ({(int)refused.StatusCode} {refused.ErrorCode}): {refused.Message}",
            exception),
        _ => Unavailable(exception, store, name),
    };

    private static StoreUnavailableException Unavailable(Exception exception, string store, string name) =>
        new($"'{name}' in {store} is unavailable: {exception.Message}", exception);
}
