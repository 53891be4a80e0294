using Continuity.Workers.Files;
using Continuity.Workers.Jobs;
using Microsoft.Win32.SafeHandles;
using Polly;
using Polly.Retry;

namespace Continuity.Workers.Sync;

/// <summary>
/// Copies one file beside its place in the target, durable and read back; a <see cref="CommitQueue"/> renames it.
/// </summary>
internal sealed class FileStager
{
    private const int LargestBlock = 1024 * 1024;

    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(5);

    private readonly SyncRequest _request;
    private readonly BandwidthLimit _bandwidth;
    private readonly WorkProgress _progress;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _retry;
    private long _number;

    public FileStager(
        SyncRequest request, SyncOptions options, BandwidthLimit bandwidth, WorkProgress progress, TimeProvider time)
    {
        _request = request;
        _bandwidth = bandwidth;
        _progress = progress;
        _time = time;
        _retry = options.MaxAttempts == 1 ? ResiliencePipeline.Empty : BuildRetry(options, time);
    }

    public int BlockBytes => _bandwidth.BlockBytes(LargestBlock);

    /// <summary>
    /// Copies the file, or finds its copy equal. <see langword="null"/> when the source has vanished.
    /// </summary>
    /// <exception cref="JobFailureException">It cannot be copied.</exception>
    public StagedFile? Stage(FileWork work, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return _retry.Execute(
                (state, token) => state.Stager.StageOnce(state.Work, state.Buffer, token),
                (Stager: this, Work: work, Buffer: buffer),
                cancellationToken);
        }
        catch (FileOperationException exception) when (exception.IsMissingSource)
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
                $"{exception.Message} It was read again until the limit. Sync when its writer is done, or let "
                    + "the writer write beside and rename.",
                exception);
        }
    }

    private static ResiliencePipeline BuildRetry(SyncOptions options, TimeProvider time) =>
        new ResiliencePipelineBuilder { Name = "files", TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder()
                    .Handle<FileChangedException>()
                    .Handle<FileOperationException>(exception => exception.IsTransient)
                    .Handle<JobFailureException>(exception => exception.Code == FailureCodes.VerificationFailed),
                MaxRetryAttempts = options.MaxAttempts - 1,
                Delay = options.RetryDelay,
                MaxDelay = MaxRetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .Build();

    private StagedFile? StageOnce(FileWork work, byte[] buffer, CancellationToken cancellationToken)
    {
        if (work.CompareFirst && FindEqual(work, buffer, cancellationToken) is { } equal)
        {
            return equal;
        }

        var place = Path.Join(_request.Target, work.Path);
        var folder = Path.GetDirectoryName(place)!;
        var temporary = Path.Join(
            folder, ReservedNames.Temporary(_request.Token.Value, Interlocked.Increment(ref _number)));
        try
        {
            using var file = FileOperationException.Writing(place, () => Posix.CreateNew(temporary));
            return new StagedFile(work.Path, Copy(work, (file, temporary), buffer, cancellationToken), temporary);
        }
        catch
        {
            // Whatever ends the attempt, its half file goes; if even that fails, the next worker removes it.
            Posix.TryUnlink(temporary);
            throw;
        }
    }

    private FileVersion Copy(
        FileWork work, (SafeFileHandle File, string Path) copy, byte[] buffer, CancellationToken cancellationToken)
    {
        var source = Path.Join(_request.Source, work.Path);
        var counted = 0L;
        try
        {
            var version = StableReader.Read(
                source,
                buffer,
                (block, offset) =>
                {
                    _bandwidth.Take(block.Length, cancellationToken);
                    Write(copy.File, copy.Path, block, offset);
                    counted += block.Length;
                    _progress.BytesDone(block.Length);
                },
                _time,
                cancellationToken);
            Finish(copy.File, copy.Path, version.Facts);
            ReadBack(copy.File, work.Path, version.Sha256, buffer, cancellationToken);
            return version;
        }
        catch
        {
            _progress.BytesDone(-counted);
            throw;
        }
    }

    private static void Write(SafeFileHandle file, string path, ReadOnlySpan<byte> block, long offset)
    {
        try
        {
            RandomAccess.Write(file, block, offset);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileOperationException(path, writing: true, exception);
        }
    }

    private static void Finish(SafeFileHandle file, string path, FileFacts source) =>
        FileOperationException.Writing(path, () =>
        {
            File.SetUnixFileMode(file, source.Mode);
            Posix.SetModified(file, source.Modified, path);
            RandomAccess.FlushToDisk(file);
            return true;
        });

    private void ReadBack(
        SafeFileHandle file, string path, string expected, byte[] buffer, CancellationToken cancellationToken)
    {
        var actual = StableReader.Hash(file, path, buffer, cancellationToken);
        if (actual != expected)
        {
            throw new JobFailureException(
                FailureCodes.VerificationFailed,
                $"The copy of '{path}' in '{_request.Target}' read back as SHA-256 {actual} instead of {expected}. "
                    + "Check the memory and the disk of that machine.");
        }
    }

    private StagedFile? FindEqual(FileWork work, byte[] buffer, CancellationToken cancellationToken)
    {
        string existing;
        var place = Path.Join(_request.Target, work.Path);
        try
        {
            using var copy = FileOperationException.Reading(place, () => Posix.OpenToRead(place));
            existing = StableReader.Hash(copy, place, buffer, cancellationToken);
        }
        catch (FileOperationException)
        {
            // A copy that cannot be read is no copy: it is written anew.
            return null;
        }

        var source = StableReader.Read(
            Path.Join(_request.Source, work.Path), buffer, static (_, _) => { }, _time, cancellationToken);
        return source.Sha256 == existing ? new StagedFile(work.Path, source, TemporaryPath: null) : null;
    }
}

/// <summary>A file that is ready in the target.</summary>
/// <param name="Path">Its place, relative to the target.</param>
/// <param name="Version">What it holds.</param>
/// <param name="TemporaryPath">
/// Where it waits to be renamed; <see langword="null"/> when the copy in place was found equal.
/// </param>
internal sealed record StagedFile(string Path, FileVersion Version, string? TemporaryPath);
