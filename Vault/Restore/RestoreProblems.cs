using System.Collections.Concurrent;
using Continuity.Vault.Formats;
using Continuity.Vault.Storage;

namespace Continuity.Vault.Restore;

/// <summary>What went wrong with single entries: the rest is restored all the same.</summary>
internal sealed class RestoreProblems
{
    private readonly ConcurrentQueue<string> _sentences = [];

    public IReadOnlyList<string> Sentences => [.. _sentences];

    public void Add(string sentence) => _sentences.Enqueue(sentence);

    public void Add(string path, Exception exception) => Add($"'{path}': {exception.Message}");

    /// <summary>Whether a failure concerns one entry only. A store that is gone, or a full disk, concerns
    /// all.</summary>
    public static bool IsOfEntry(Exception exception) => exception switch
    {
        CorruptBlobException or MissingChunkException or BlobNotFoundException => true,
        StoreException => false,
        IOException full when IsDiskFull(full) => false,
        IOException or UnauthorizedAccessException => true,
        _ => false,
    };

    private static bool IsDiskFull(IOException exception) =>
        exception is Files.FileSystemException { Error: NoSpace or QuotaExceeded }
        || (exception.HResult & 0xffff) is NoSpace or QuotaExceeded;

    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
}
