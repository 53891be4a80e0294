using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Stores.WebHdfs;

/// <summary>Keeps blobs as files of a Hadoop file system, over the WebHDFS REST protocol.</summary>
/// <remarks>
/// <para>A put creates a temporary file and renames it. The name node refuses to rename onto a file, which decides
/// <see cref="PutCondition.IfAbsent"/>; replacing uses its <c>renameoptions=OVERWRITE</c>, which HttpFS does not
/// offer.</para>
/// <para>A closed file lies in the memory or on the disks of as many data nodes as it has replicas; whether they flush
/// it is the cluster's setting (<c>dfs.datanode.synconclose</c>), hence <see cref="StoreDurability.Process"/>.</para>
/// <para>Never retries by itself: wrap it in <see cref="RetryingBlobStore"/>.</para>
/// </remarks>
public sealed class WebHdfsBlobStore : IBlobStore
{
    private const string TemporaryPrefix = ".put-";

    private readonly WebHdfsStoreSettings _settings;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly WebHdfsClient _client;
    private readonly string _root;

    /// <summary>Opens a folder of a Hadoop file system.</summary>
    /// <param name="settings">Which, and as whom.</param>
    /// <param name="time">The clock that the age of remains is measured with.</param>
    public WebHdfsBlobStore(WebHdfsStoreSettings settings, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _time = time;
        _root = settings.Folder.TrimEnd('/');
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            Credentials = settings is { User: null, DelegationToken: null } ? CredentialCache.DefaultCredentials : null,
        });
        _client = new WebHdfsClient(settings, _http, Description);
    }

    /// <inheritdoc/>
    public string Description => $"webhdfs:{_settings.Endpoint.GetLeftPart(UriPartial.Authority)}{_root}";

    /// <inheritdoc/>
    public ValueTask<StoreCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new StoreCapabilities(
            ConditionalPut: true, PutOnly: false, StoreDurability.Process, StoreImmutability.None));

    /// <inheritdoc/>
    public async ValueTask<PutOutcome> PutAsync(
        string name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        if (condition == PutCondition.IfAbsent && await StatAsync(name, cancellationToken) is not null)
        {
            return PutOutcome.AlreadyExists;
        }

        var temporary = $"{path[..path.LastIndexOf('/')]}/{TemporaryPrefix}{Guid.NewGuid():N}";
        try
        {
            await _client.CreateAsync(temporary, content, name, cancellationToken);
            if (condition == PutCondition.None)
            {
                await ReplaceAsync(temporary, path, name, cancellationToken);
                return PutOutcome.Written;
            }

            if (await RenameAsync(temporary, path, string.Empty, name, cancellationToken))
            {
                return PutOutcome.Written;
            }
        }
        catch
        {
            await TryDeleteAsync(temporary);
            throw;
        }

        await TryDeleteAsync(temporary);
        return await StatAsync(name, cancellationToken) is not null
            ? PutOutcome.AlreadyExists
            : throw new StoreUnavailableException($"{Description} did not rename a temporary file to '{name}'.");
    }

    /// <inheritdoc/>
    public async ValueTask<int> GetAsync(
        string name, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        // HDFS refuses to open behind the end of a file, and its data nodes say so in different ways: ask for the
        // length.
        var found = await StatAsync(name, cancellationToken) ?? throw new BlobNotFoundException(Description, name);
        var wanted = (int)Math.Clamp(found.Length - offset, 0, destination.Length);
        return wanted == 0 ? 0 : await _client.OpenAsync(path, offset, destination[..wanted], name, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        try
        {
            using var answer = await _client.AskAsync(HttpMethod.Get, path, "GETFILESTATUS", name, cancellationToken);
            var status = WebHdfsFile.Read(answer.RootElement, Description);
            return status.IsFile ? new BlobInfo(name, status.Length, status.Modified) : null;
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
        await foreach (var (name, file) in WalkAsync(prefix[..(prefix.LastIndexOf('/') + 1)], cancellationToken))
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && BlobName.IsValid(name))
            {
                yield return new BlobInfo(name, file.Length, file.Modified);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        using var answer = await _client.AskAsync(
            HttpMethod.Delete, PathOf(name), "DELETE&recursive=false", name, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>The protocol cannot tell whether the writer of a temporary file still lives: choose an age longer than
    /// any put.</remarks>
    public async ValueTask<int> RemoveAbandonedAsync(TimeSpan minimumAge, CancellationToken cancellationToken)
    {
        var newest = _time.GetUtcNow() - minimumAge;
        var removed = 0;
        await foreach (var (name, file) in WalkAsync(string.Empty, cancellationToken))
        {
            if (file.Name.StartsWith(TemporaryPrefix, StringComparison.Ordinal) && file.Modified <= newest)
            {
                using var answer = await _client.AskAsync(
                    HttpMethod.Delete, $"{_root}/{name}", "DELETE&recursive=false", name, cancellationToken);
                removed++;
            }
        }

        return removed;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async IAsyncEnumerable<(string Name, WebHdfsFile File)> WalkAsync(
        string top, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folders = new Stack<string>([top]);
        while (folders.TryPop(out var folder))
        {
            foreach (var file in await ListFolderAsync(folder, cancellationToken))
            {
                if (file.IsFile)
                {
                    yield return (folder + file.Name, file);
                }
                else
                {
                    folders.Push($"{folder}{file.Name}/");
                }
            }
        }
    }

    private async Task<IReadOnlyList<WebHdfsFile>> ListFolderAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _client.AskAsync(
                HttpMethod.Get, $"{_root}/{folder}".TrimEnd('/'), "LISTSTATUS", folder, cancellationToken);
            // Asked about a file, the name node lists that file, without a name.
            return [.. WebHdfsFile.ReadAll(answer.RootElement, Description).Where(file => file.Name.Length > 0)];
        }
        catch (BlobNotFoundException)
        {
            return []; // No blob was ever put there.
        }
    }

    private async Task ReplaceAsync(string temporary, string path, string name, CancellationToken cancellationToken)
    {
        if (!await RenameAsync(temporary, path, "&renameoptions=OVERWRITE", name, cancellationToken))
        {
            throw new StoreAccessDeniedException(
                $"{Description} cannot replace '{name}' in one step: use the name node's address, not HttpFS's.");
        }
    }

    private async Task<bool> RenameAsync(
        string source, string target, string options, string name, CancellationToken cancellationToken)
    {
        using var answer = await _client.AskAsync(
            HttpMethod.Put,
            source,
            $"RENAME&destination={Uri.EscapeDataString(target)}{options}",
            name,
            cancellationToken);
        // With options the name node answers success with an empty body, and failure with an exception.
        return !answer.RootElement.TryGetProperty("boolean", out var renamed)
            || renamed.ValueKind == JsonValueKind.True;
    }

    private async Task TryDeleteAsync(string path)
    {
        try
        {
            using var answer = await _client.AskAsync(
                HttpMethod.Delete, path, "DELETE&recursive=false", path, CancellationToken.None);
        }
        catch (StoreException)
        {
            // The put's own outcome is the one to report; the remains are swept later.
        }
    }

    private string PathOf(string name)
    {
        BlobName.ThrowIfInvalid(name);
        return $"{_root}/{name}";
    }
}
