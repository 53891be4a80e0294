using Microsoft.Win32.SafeHandles;

namespace Continuity.Vault.Storage;

/// <summary>Writes temporary files under a lock that ends with their writer, past the page cache where it
/// helps.</summary>
internal static class FileWriter
{
    // One write call moves at most this much: cancellation is noticed in between.
    private const int StepBytes = 16 << 20;

    public static SafeFileHandle Create(string path) =>
        // Any sharing but None takes a shared advisory lock (flock), which the kernel releases when the process ends,
        // however it ends. An exclusive one would outlive the rename by a moment, and refuse whoever reads the blob
        // then. Reading is asked for as well, because a file system over a network gives no shared lock without.
        File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);

    public static void Write(
        SafeFileHandle file, ReadOnlyMemory<byte> content, LocalBlobStoreOptions options,
        CancellationToken cancellationToken)
    {
        var written = 0;
        if (content.Length >= options.DirectWriteBytes
            && AlignedMemoryPool.IsAligned(content.Span)
            && FileSystem.TrySetDirect(file, enabled: true))
        {
            var whole = content.Length - (content.Length % AlignedMemoryPool.Alignment);
            WriteSteps(file, content.Span[..whole], 0, options, cancellationToken);
            written = whole;
            FileSystem.TrySetDirect(file, enabled: false);
        }

        WriteSteps(file, content.Span[written..], written, options, cancellationToken);
    }

    /// <summary>Deletes a temporary file unless its writer still lives.</summary>
    public static bool TryDeleteAbandoned(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.None);
            File.Delete(path);
            return true;
        }
        catch (IOException)
        {
            return false; // Locked by its writer, or gone already.
        }
    }

    private static void WriteSteps(
        SafeFileHandle file, ReadOnlySpan<byte> content, long offset, LocalBlobStoreOptions options,
        CancellationToken cancellationToken)
    {
        while (content.Length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = Math.Min(content.Length, StepBytes);
            step = options.BeforeStep?.Invoke(FileStep.Write, step) ?? step;
            RandomAccess.Write(file, content[..step], offset);
            content = content[step..];
            offset += step;
        }
    }
}
