using Continuity.Workers.Files;
using Continuity.Workers.Jobs;
using Polly;
using Polly.Retry;

namespace Continuity.Workers.Backup;

/// <summary>Reads files for an archive so that what counts in it is one version of each, whole.</summary>
internal sealed class ArchiveFileReader
{
    /// <summary>Up to here a file is read whole before any of it is written.</summary>
    internal const int SmallFileBytes = 4 * 1024 * 1024;

    private readonly BackupOptions _options;
    private readonly BandwidthLimit _bandwidth;
    private readonly WorkProgress _progress;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _retry;
    private readonly byte[] _buffer;

    public ArchiveFileReader(BackupOptions options, BandwidthLimit bandwidth, WorkProgress progress, TimeProvider time)
    {
        _options = options;
        _bandwidth = bandwidth;
        _progress = progress;
        _time = time;
        _buffer = GC.AllocateUninitializedArray<byte>(bandwidth.BlockBytes(1024 * 1024));
        _retry = options.MaxAttempts == 1 ? ResiliencePipeline.Empty : BuildRetry(options, time);
    }

    /// <summary>
    /// Reads the file and hands on its content, more than once if it changes meanwhile: the last time counts.
    /// <see langword="null"/> when it has vanished and nothing was handed on.
    /// </summary>
    /// <exception cref="JobFailureException">It cannot be read, or changes all the time.</exception>
    public FileVersion? Read(string path, Action<FileFacts, Stream> write, CancellationToken cancellationToken)
    {
        var isWritten = false;
        try
        {
            return _retry.Execute(
                token => ReadOnce(
                    path,
                    (facts, content) =>
                    {
                        isWritten = true;
                        write(facts, content);
                    },
                    token),
                cancellationToken);
        }
        catch (FileOperationException exception) when (exception.IsMissingSource && !isWritten)
        {
            return null;
        }
        catch (FileOperationException exception)
        {
            throw exception.ToFailure();
        }
        catch (FileChangedException exception)
        {
            throw new JobFailureException(
                FailureCodes.FileBusy,
                $"{exception.Message} It was read {_options.MaxAttempts} times. Back up when its writer is "
                    + "done, or let the writer write beside and rename.",
                exception);
        }
    }

    private FileVersion ReadOnce(string path, Action<FileFacts, Stream> write, CancellationToken cancellationToken)
    {
        var expected = FileOperationException.Reading(path, () => Posix.Inspect(path) ?? throw Missing(path));
        return expected.Size <= SmallFileBytes
            ? ReadSmall(path, write, cancellationToken)
            : ReadLarge(path, write, cancellationToken);
    }

    private FileVersion ReadSmall(string path, Action<FileFacts, Stream> write, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var version = StableReader.Read(
            path, _buffer, (block, _) => Take(block, content, path, cancellationToken), _time, cancellationToken);
        content.Position = 0;
        write(version.Facts, content);
        return version;
    }

    private FileVersion ReadLarge(string path, Action<FileFacts, Stream> write, CancellationToken cancellationToken)
    {
        using var stream = new SourceFileStream(path, bytes => Count(bytes, cancellationToken), _time);
        write(stream.Facts, stream);
        return stream.Finish();
    }

    private void Take(ReadOnlySpan<byte> block, MemoryStream content, string path, CancellationToken cancellationToken)
    {
        // It was small a moment ago. A file that grows without end must not fill the memory.
        if (content.Length + block.Length > 2 * SmallFileBytes)
        {
            throw new FileChangedException(path);
        }

        content.Write(block);
        Count(block.Length, cancellationToken);
    }

    private void Count(int bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _bandwidth.Take(bytes, cancellationToken);
        _progress.BytesDone(bytes);
    }

    private static IOException Missing(string path) => Posix.Failure(Posix.NoEntry, path);

    private static ResiliencePipeline BuildRetry(BackupOptions options, TimeProvider time) =>
        new ResiliencePipelineBuilder { Name = "files", TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder()
                    .Handle<FileChangedException>()
                    .Handle<FileOperationException>(exception => exception.IsTransient),
                MaxRetryAttempts = options.MaxAttempts - 1,
                Delay = options.RetryDelay,
                MaxDelay = TimeSpan.FromSeconds(5),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .Build();
}
