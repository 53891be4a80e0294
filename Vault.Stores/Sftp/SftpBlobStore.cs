using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Continuity.Vault.Storage;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;

namespace Continuity.Vault.Stores.Sftp;

/// <summary>Keeps blobs as files of another machine, over SFTP.</summary>
/// <remarks>
/// <para>A put writes a temporary file and renames it: with OpenSSH's posix-rename where it may replace, with the
/// protocol's own rename, which fails if the target exists, where it may not.</para>
/// <para>The client library cannot send OpenSSH's fsync request, so a put survives the loss of this process and of the
/// connection, but a server that loses power within seconds may lose it (<see cref="StoreDurability.Process"/>).</para>
/// <para>Never retries by itself, apart from connecting again: wrap it in <see cref="RetryingBlobStore"/>.</para>
/// </remarks>
/// <param name="settings">Which server and folder.</param>
/// <param name="time">The clock that the age of remains is measured with.</param>
public sealed class SftpBlobStore(SftpStoreSettings settings, TimeProvider time) : IBlobStore
{
    private const string TemporaryPrefix = ".put-";

    private readonly SftpConnection _connection = new(
        settings, $"sftp://{settings.User}@{settings.Host}:{settings.Port}");
    private readonly string _root = settings.Folder.TrimEnd('/');

    /// <inheritdoc/>
    public string Description => $"sftp://{settings.User}@{settings.Host}:{settings.Port}{_root}";

    /// <inheritdoc/>
    public ValueTask<StoreCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new StoreCapabilities(
            ConditionalPut: true, PutOnly: false, StoreDurability.Process, StoreImmutability.None));

    /// <inheritdoc/>
    public async ValueTask<PutOutcome> PutAsync(
        string name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        return await GuardAsync(
            name,
            content.Length,
            async client => condition == PutCondition.IfAbsent && await client.ExistsAsync(path, cancellationToken)
                ? PutOutcome.AlreadyExists
                : await PutAsync(client, path, content, condition, cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<int> GetAsync(
        string name, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return await GuardAsync(
            name,
            0,
            async client =>
            {
                await using var file = await client.OpenAsync(path, FileMode.Open, FileAccess.Read, cancellationToken);
                file.Seek(offset, SeekOrigin.Begin);
                return await file.ReadAtLeastAsync(
                    destination, destination.Length, throwOnEndOfStream: false, cancellationToken);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        try
        {
            return await GuardAsync<BlobInfo?>(
                name,
                0,
                async client => await client.GetAsync(path, cancellationToken) is { IsRegularFile: true } file
                    ? InfoOf(name, file)
                    : null,
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
        BlobName.ThrowIfInvalidPrefix(prefix);
        var top = prefix[..(prefix.LastIndexOf('/') + 1)];
        var files = await GuardAsync(prefix, 0, client => WalkAsync(client, top, cancellationToken), cancellationToken);
        foreach (var (name, file) in files)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && BlobName.IsValid(name))
            {
                yield return InfoOf(name, file);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        await GuardAsync(name, 0, client => DeleteIfExistsAsync(client, path, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>The protocol cannot tell whether the writer of a temporary file still lives: choose an age longer than
    /// any put.</remarks>
    public async ValueTask<int> RemoveAbandonedAsync(TimeSpan minimumAge, CancellationToken cancellationToken)
    {
        var newest = time.GetUtcNow() - minimumAge;
        return await GuardAsync(
            ".",
            0,
            async client =>
            {
                var removed = 0;
                foreach (var (_, file) in await WalkAsync(client, string.Empty, cancellationToken))
                {
                    if (file.Name.StartsWith(TemporaryPrefix, StringComparison.Ordinal)
                        && file.LastWriteTimeUtc <= newest
                        && await DeleteIfExistsAsync(client, file.FullName, cancellationToken))
                    {
                        removed++;
                    }
                }

                return removed;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<PutOutcome> PutAsync(
        SftpClient client,
        string path,
        ReadOnlyMemory<byte> content,
        PutCondition condition,
        CancellationToken cancellationToken)
    {
        var folder = path[..path.LastIndexOf('/')];
        await CreateFolderAsync(client, folder, cancellationToken);
        var temporary = $"{folder}/{TemporaryPrefix}{Guid.NewGuid():N}";
        try
        {
            await client.UploadFileAsync(BlobContent.AsStream(content), temporary, cancellationToken);
            if (condition == PutCondition.None)
            {
                await Task.Run(() => client.RenameFile(temporary, path, isPosix: true), cancellationToken);
                return PutOutcome.Written;
            }

            await client.RenameFileAsync(temporary, path, cancellationToken);
            return PutOutcome.Written;
        }
        catch (Exception exception)
        {
            await TryDeleteAsync(client, temporary);
            if (exception is SshException and not SshConnectionException && condition == PutCondition.IfAbsent
                && await client.ExistsAsync(path, cancellationToken))
            {
                return PutOutcome.AlreadyExists; // Another writer's rename came first.
            }

            throw;
        }
    }

    private static async Task CreateFolderAsync(SftpClient client, string folder, CancellationToken cancellationToken)
    {
        if (folder.Length == 0 || await client.ExistsAsync(folder, cancellationToken))
        {
            return;
        }

        await CreateFolderAsync(client, folder[..folder.LastIndexOf('/')], cancellationToken);
        try
        {
            await client.CreateDirectoryAsync(folder, cancellationToken);
        }
        catch (SshException) when (client.IsConnected && client.Exists(folder))
        {
            // Another writer created it first.
        }
    }

    private async Task<List<(string Name, ISftpFile File)>> WalkAsync(
        SftpClient client, string top, CancellationToken cancellationToken)
    {
        var files = new List<(string, ISftpFile)>();
        var folders = new Stack<string>([top]);
        while (folders.TryPop(out var folder))
        {
            try
            {
                await foreach (var entry in client.ListDirectoryAsync($"{_root}/{folder}", cancellationToken))
                {
                    if (entry.IsDirectory && entry.Name is not ("." or ".."))
                    {
                        folders.Push($"{folder}{entry.Name}/");
                    }
                    else if (entry.IsRegularFile)
                    {
                        files.Add((folder + entry.Name, entry));
                    }
                }
            }
            catch (SftpPathNotFoundException)
            {
                // No blob was ever put there.
            }
        }

        return files;
    }

    private static async Task<bool> DeleteIfExistsAsync(
        SftpClient client, string path, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteFileAsync(path, cancellationToken);
            return true;
        }
        catch (SftpPathNotFoundException)
        {
            return false;
        }
    }

    private static async Task TryDeleteAsync(SftpClient client, string path)
    {
        try
        {
            if (client.IsConnected)
            {
                await client.DeleteFileAsync(path, CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is SshException or SocketException or IOException)
        {
            // The put's own failure is the one to report; the remains are swept later.
        }
    }

    private async Task<T> GuardAsync<T>(
        string name, int bytesToWrite, Func<SftpClient, Task<T>> operation, CancellationToken cancellationToken)
    {
        SftpClient? client = null;
        try
        {
            client = await _connection.GetAsync(cancellationToken);
            return await operation(client);
        }
        catch (Exception exception) when (
            exception is SshException or SocketException or IOException or ObjectDisposedException)
        {
            throw exception switch
            {
                StoreException known => known,
                SftpPathNotFoundException => new BlobNotFoundException(Description, name, exception),
                SftpPermissionDeniedException or SshAuthenticationException => new StoreAccessDeniedException(
                    $"{Description} refuses access to '{name}': {exception.Message}", exception),
                // A full disk is a plain "Failure" in the protocol; the statvfs extension tells it apart.
                not SshConnectionException
                    when bytesToWrite > 0 && client is not null && IsFull(client, bytesToWrite) =>
                    new StoreFullException(
                        $"No room is left for '{name}' in {Description}: free some space.", exception),
                _ => new StoreUnavailableException(
                    $"'{name}' in {Description} is unavailable: {exception.Message}", exception),
            };
        }
    }

    private bool IsFull(SftpClient client, int bytesToWrite)
    {
        try
        {
            var status = client.GetStatus(_root);
            return status.AvailableBlocks * status.BlockSize < (ulong)bytesToWrite;
        }
        catch (Exception exception) when (exception is SshException or NotSupportedException or SocketException)
        {
            return false;
        }
    }

    private static BlobInfo InfoOf(string name, ISftpFile file) =>
        new(name, file.Length, new DateTimeOffset(DateTime.SpecifyKind(file.LastWriteTimeUtc, DateTimeKind.Utc)));

    private string PathOf(string name)
    {
        BlobName.ThrowIfInvalid(name);
        return $"{_root}/{name}";
    }
}
