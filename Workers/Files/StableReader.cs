using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Continuity.Workers.Files;

/// <summary>Reads a file whole, hands on each block, and makes sure that nobody wrote to it meanwhile.</summary>
internal static class StableReader
{
    /// <summary>
    /// How fresh a change must be for another to be hidden behind the same time stamp (file systems count in ticks).
    /// </summary>
    private static readonly TimeSpan ClockGrain = TimeSpan.FromSeconds(2);

    internal delegate void BlockHandler(ReadOnlySpan<byte> block, long offset);

    /// <exception cref="FileChangedException">It was written to, or replaced, while it was read.</exception>
    /// <exception cref="FileOperationException">It could not be read.</exception>
    public static FileVersion Read(
        string path, byte[] buffer, BlockHandler onBlock, TimeProvider time, CancellationToken cancellationToken)
    {
        using var file = FileOperationException.Reading(path, () => Posix.OpenToRead(path));
        var before = FileOperationException.Reading(path, () => Posix.Inspect(file, path));
        if (before.Kind != FileKind.File)
        {
            throw new FileChangedException(path);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = ReadBlocks(file, path, buffer, (block, offset) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(block);
            onBlock(block, offset);
        });
        var after = FileOperationException.Reading(path, () => Posix.Inspect(path));
        if (after is not { } now || !now.IsSameVersionAs(before) || length != before.Size)
        {
            throw new FileChangedException(path);
        }

        return VersionOf(before, hash, time);
    }

    /// <summary>Names what was read, once it is known to be one version.</summary>
    public static FileVersion VersionOf(FileFacts facts, IncrementalHash hash, TimeProvider time)
    {
        var age = time.GetUtcNow() - DateTimeOffset.UnixEpoch.AddTicks(facts.Modified / 100);
        return new FileVersion(facts, Convert.ToHexStringLower(hash.GetHashAndReset()), IsFresh: age < ClockGrain);
    }

    /// <summary>SHA-256 of an open file's content, in lower-case hexadecimal digits.</summary>
    public static string Hash(SafeFileHandle file, string path, byte[] buffer, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ReadBlocks(file, path, buffer, (block, _) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(block);
        });
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static long ReadBlocks(SafeFileHandle file, string path, byte[] buffer, BlockHandler onBlock)
    {
        for (var offset = 0L; ;)
        {
            var read = ReadBlock(file, path, buffer, offset);
            if (read == 0)
            {
                return offset;
            }

            onBlock(buffer.AsSpan(0, read), offset);
            offset += read;
        }
    }

    private static int ReadBlock(SafeFileHandle file, string path, byte[] buffer, long offset)
    {
        try
        {
            return RandomAccess.Read(file, buffer, offset);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileOperationException(path, writing: false, exception);
        }
    }
}

/// <summary>The bytes that a file had at one time.</summary>
/// <param name="Facts">Its status then.</param>
/// <param name="Sha256">Of its content, in lower-case hexadecimal digits.</param>
/// <param name="IsFresh">Whether it changed so lately that a further change need not show in its time stamp.</param>
internal readonly record struct FileVersion(FileFacts Facts, string Sha256, bool IsFresh);
