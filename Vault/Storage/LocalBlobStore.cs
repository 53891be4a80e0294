using System.Runtime.CompilerServices;

namespace Continuity.Vault.Storage;

/// <summary>Keeps blobs as files below a folder.</summary>
/// <remarks>
/// <para>A put writes a temporary file beside the blob, flushes it, renames it, and flushes every folder whose entries
/// changed; a crash leaves at worst a temporary file that no listing shows. Its writer holds a lock on it, so that
/// <see cref="RemoveAbandonedAsync"/> can tell the remains of a dead process from a put that is running.</para>
/// <para>Large blobs in aligned buffers (<see cref="AlignedMemoryPool"/>) are written past the page cache where the
/// file system allows it: the cache keeps what the machine is serving, and the flush has nothing left to wait
/// for.</para>
/// </remarks>
public sealed class LocalBlobStore : IBlobStore
{
    private const string TemporaryPrefix = ".put-";

    private readonly string _root;
    private readonly LocalBlobStoreOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Opens a folder as a store. The folder need not exist yet: the first put creates it.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="options">How to write; <see langword="null"/> for the defaults.</param>
    /// <param name="time">The clock that the age of remains is measured with.</param>
    public LocalBlobStore(string root, LocalBlobStoreOptions? options, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(time);
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        _options = options ?? new LocalBlobStoreOptions();
        _time = time;
    }

    /// <inheritdoc/>
    public string Description => _root;

    /// <inheritdoc/>
    public ValueTask<StoreCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new StoreCapabilities(
            ConditionalPut: true,
            PutOnly: false,
            _options.Flush ? StoreDurability.Power : StoreDurability.Process,
            StoreImmutability.None));

    /// <inheritdoc/>
    public async ValueTask<PutOutcome> PutAsync(
        string name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        return await Task.Run(
            () => Guard(name, () => Put(path, content, condition, cancellationToken)), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Reads on the caller's thread: a thread of the pool would take longer to wake than most reads
    /// take.</remarks>
    public ValueTask<int> GetAsync(
        string name, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Guard(name, () => Get(path, offset, destination, cancellationToken)));
    }

    /// <inheritdoc/>
    public ValueTask<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Guard<BlobInfo?>(name, () =>
            new FileInfo(path) is { Exists: true } file ? InfoOf(name, file) : null));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobInfo> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BlobName.ThrowIfInvalidPrefix(prefix);
        var folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        var found = await Task.Run(
            () => Guard(prefix, () => List(folder, prefix, cancellationToken)), cancellationToken);
        foreach (var blob in found)
        {
            yield return blob;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        await Task.Run(() => Guard(name, () => Delete(path, isDurable: true)), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DropAsync(string name, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        cancellationToken.ThrowIfCancellationRequested();
        Guard(name, () => Delete(path, isDurable: false));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<int> RemoveAbandonedAsync(TimeSpan minimumAge, CancellationToken cancellationToken)
    {
        var newest = _time.GetUtcNow() - minimumAge;
        return await Task.Run(
            () => Guard(string.Empty, () => RemoveAbandoned(newest, cancellationToken)), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private PutOutcome Put(
        string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        if (condition == PutCondition.IfAbsent && File.Exists(path))
        {
            return PutOutcome.AlreadyExists;
        }

        var folder = Path.GetDirectoryName(path)!; // A blob's path has the root above it.
        CreateFolder(folder);
        var temporary = Path.Combine(folder, TemporaryPrefix + Guid.NewGuid().ToString("N"));
        try
        {
            Step(FileStep.Create);
            using (var file = FileWriter.Create(temporary))
            {
                FileWriter.Write(file, content, _options, cancellationToken);
                if (_options.Flush)
                {
                    Step(FileStep.FlushFile);
                    RandomAccess.FlushToDisk(file);
                }

                // The lock is held over the rename: until then the file may look abandoned to another process.
                Step(FileStep.Rename);
                if (!FileSystem.Rename(temporary, path, replace: condition == PutCondition.None))
                {
                    File.Delete(temporary);
                    return PutOutcome.AlreadyExists;
                }
            }
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }

        Flush(folder);
        return PutOutcome.Written;
    }

    // Creates what is missing from the top down and makes each new entry durable before anything is put below it.
    private void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(folder);
        if (parent is not null)
        {
            CreateFolder(parent);
        }

        Step(FileStep.MakeFolder);
        Directory.CreateDirectory(folder);
        if (parent is not null)
        {
            Flush(parent);
        }
    }

    private static int Get(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var read = 0;
        while (read < destination.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = RandomAccess.Read(file, destination.Span[read..], offset + read);
            if (step == 0)
            {
                break;
            }

            read += step;
        }

        return read;
    }

    private List<BlobInfo> List(string folder, string prefix, CancellationToken cancellationToken)
    {
        var top = new DirectoryInfo(Path.Combine(_root, folder));
        var found = new List<BlobInfo>();
        if (!top.Exists)
        {
            return found;
        }

        foreach (var file in top.EnumerateFiles("*", FileSystem.Everything))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(_root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (name.StartsWith(prefix, StringComparison.Ordinal) && BlobName.IsValid(name) && file.Exists)
            {
                found.Add(InfoOf(name, file));
            }
        }

        return found;
    }

    private bool Delete(string path, bool isDurable)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        Step(FileStep.Delete);
        File.Delete(path);
        if (isDurable)
        {
            Flush(Path.GetDirectoryName(path)!); // As in Put.
        }

        return true;
    }

    private int RemoveAbandoned(DateTimeOffset newest, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_root))
        {
            return 0;
        }

        var removed = 0;
        foreach (var file in new DirectoryInfo(_root).EnumerateFiles(TemporaryPrefix + "*", FileSystem.Everything))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.LastWriteTimeUtc <= newest && FileWriter.TryDeleteAbandoned(file.FullName))
            {
                removed++;
            }
        }

        return removed;
    }

    private void Flush(string folder)
    {
        if (_options.Flush)
        {
            Step(FileStep.FlushFolder);
            FileSystem.FlushFolder(folder);
        }
    }

    private void Step(FileStep step) => _options.BeforeStep?.Invoke(step, 0);

    private void TryDelete(string path)
    {
        try
        {
            Step(FileStep.Delete);
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The put's own failure is the one to report; the remains are swept later.
        }
    }

    private static BlobInfo InfoOf(string name, FileInfo file) => new(name, file.Length, file.LastWriteTimeUtc);

    private string PathOf(string name)
    {
        BlobName.ThrowIfInvalid(name);
        return Path.Combine(_root, name);
    }

    private T Guard<T>(string name, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BlobNotFoundException(_root, name, exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StoreAccessDeniedException(
                $"Access to '{name}' in {_root} is denied: {exception.Message}", exception);
        }
        catch (IOException exception) when (FileSystem.IsFull(exception))
        {
            throw new StoreFullException($"No room is left for '{name}' in {_root}: free some space.", exception);
        }
        catch (IOException exception) when (FileSystem.IsReadOnly(exception))
        {
            throw new StoreAccessDeniedException(
                $"'{name}' cannot be changed: {_root} is on a read-only file system.", exception);
        }
        catch (IOException exception) when (exception is not StoreException)
        {
            throw new StoreUnavailableException($"'{name}' in {_root}: {exception.Message}", exception);
        }
    }
}
