using System.Globalization;
using Amazon.Runtime;
using Azure.Storage;
using Azure.Storage.Blobs;
using Continuity.Vault.Storage;
using Continuity.Vault.Stores.AzureBlobs;
using Continuity.Vault.Stores.S3;
using Continuity.Vault.Stores.Sftp;
using Continuity.Vault.Stores.WebHdfs;

namespace Continuity.Vault.Stores;

/// <summary>Opens the store that a location names, with retries, and with secrets from the environment only.</summary>
/// <remarks> <list type="table">
/// <item><term>S3</term><description><c>AWS_ACCESS_KEY_ID</c>, <c>AWS_SECRET_ACCESS_KEY</c>, optionally
/// <c>AWS_SESSION_TOKEN</c>, <c>AWS_DEFAULT_REGION</c></description></item>
/// <item><term>Azure</term><description><c>AZURE_STORAGE_CONNECTION_STRING</c>, or <c>AZURE_ACCOUNT_NAME</c> with
/// <c>AZURE_ACCOUNT_KEY</c> or <c>AZURE_ACCOUNT_SAS</c></description></item>
/// <item><term>WebHDFS</term><description>optionally <c>HADOOP_DELEGATION_TOKEN</c></description></item>
/// <item><term>SFTP</term><description>optionally <c>CONTINUITY_SFTP_KEY_FILE</c>,
/// <c>CONTINUITY_SFTP_KEY_PASSPHRASE</c>, <c>CONTINUITY_SFTP_KNOWN_HOSTS</c>; else the files in
/// <c>~/.ssh</c></description></item>
/// </list>
/// </remarks>
/// <param name="environment">Looks up a variable; usually
/// <see cref="Environment.GetEnvironmentVariable(string)"/>.</param>
/// <param name="time">The clock for waits and ages.</param>
public sealed class BlobStoreOpener(Func<string, string?> environment, TimeProvider time)
{
    /// <summary>Opens a store.</summary>
    /// <param name="location">Where it is.</param>
    /// <returns>The store; nothing has been asked of it yet.</returns>
    /// <exception cref="StoreAccessDeniedException">A variable that the store needs is not set.</exception>
    public IBlobStore Open(StoreLocation location)
    {
        ArgumentNullException.ThrowIfNull(location);
        return location.Kind == StoreKind.Local
            ? new LocalBlobStore(location.Path, null, time)
            : new RetryingBlobStore(OpenRemote(location), new RetryOptions(), time, new Random());
    }

    private IBlobStore OpenRemote(StoreLocation location) => location.Kind switch
    {
        StoreKind.S3 => OpenS3(location),
        StoreKind.Azure => OpenAzure(location),
        StoreKind.WebHdfs => new WebHdfsBlobStore(
            new WebHdfsStoreSettings
            {
                Endpoint = location.Endpoint!, // The parser sets it for this kind.
                Folder = location.Path,
                User = location.User,
                DelegationToken = environment("HADOOP_DELEGATION_TOKEN"),
            },
            time),
        StoreKind.Sftp => OpenSftp(location),
        _ => throw new ArgumentOutOfRangeException(
            nameof(location), location.Kind, "This kind of store is not remote."),
    };

    private S3BlobStore OpenS3(StoreLocation location)
    {
        var key = Require("AWS_ACCESS_KEY_ID", location);
        var secret = Require("AWS_SECRET_ACCESS_KEY", location);
        AWSCredentials credentials = environment("AWS_SESSION_TOKEN") is { Length: > 0 } session
            ? new SessionAWSCredentials(key, secret, session)
            : new BasicAWSCredentials(key, secret);
        var settings = new S3StoreSettings
        {
            Endpoint = location.Endpoint!, // The parser sets both for this kind.
            Bucket = location.Container!,
            Prefix = location.Path,
        };
        return new S3BlobStore(
            environment("AWS_DEFAULT_REGION") is { Length: > 0 } region ? settings with { Region = region } : settings,
            credentials,
            time);
    }

    private AzureBlobStore OpenAzure(StoreLocation location)
    {
        var options = new BlobClientOptions();
        options.Retry.MaxRetries = 0;
        options.Diagnostics.IsTelemetryEnabled = false;
        var container = location.Container!; // The parser sets it for this kind.
        if (environment("AZURE_STORAGE_CONNECTION_STRING") is { Length: > 0 } connection)
        {
            return new AzureBlobStore(
                new BlobContainerClient(connection, container, options),
                location.Path,
                AzureBlobStore.DefaultBlockBytes);
        }

        var account = Require("AZURE_ACCOUNT_NAME", location);
        var address = new Uri($"https://{account}.blob.core.windows.net/{container}");
        var client = environment("AZURE_ACCOUNT_SAS") is { Length: > 0 } signature
            ? new BlobContainerClient(new Uri($"{address}?{signature.TrimStart('?')}"), options)
            : new BlobContainerClient(
                address, new StorageSharedKeyCredential(account, Require("AZURE_ACCOUNT_KEY", location)), options);
        return new AzureBlobStore(client, location.Path, AzureBlobStore.DefaultBlockBytes);
    }

    private SftpBlobStore OpenSftp(StoreLocation location)
    {
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh");
        return new SftpBlobStore(
            new SftpStoreSettings
            {
                Host = location.Endpoint!.Host.Trim('[', ']'), // The parser sets both for this kind.
                Port = location.Endpoint.Port,
                User = location.User!,
                Folder = location.Path,
                KeyFiles = environment("CONTINUITY_SFTP_KEY_FILE") is { Length: > 0 } file
                    ? [file]
                    : [.. ((string[])["id_ed25519", "id_ecdsa", "id_rsa"]).Select(name => Path.Combine(folder, name))],
                KeyPassphrase = environment("CONTINUITY_SFTP_KEY_PASSPHRASE"),
                KnownHostsFile = environment("CONTINUITY_SFTP_KNOWN_HOSTS") ?? Path.Combine(folder, "known_hosts"),
            },
            time);
    }

    private string Require(string variable, StoreLocation location) =>
        environment(variable) is { Length: > 0 } value
            ? value
            : throw new StoreAccessDeniedException(string.Create(
                CultureInfo.InvariantCulture, $"{location} needs credentials: set {variable} in the environment."));
}
