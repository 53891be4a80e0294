using Continuity.Contracts.Routing;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Routing;

/// <summary>The last snapshot that was applied, on disk, and the one before it; the first one twice.</summary>
/// <remarks>A gateway starts and serves from here when no control plane is in reach.</remarks>
internal sealed partial class LastKnownGood(IOptions<RoutingOptions> options, ILogger<LastKnownGood> logger)
{
    private readonly string _folder = options.Value.CachePath;

    private string Current => Path.Combine(_folder, "routing.json");

    private string Previous => Path.Combine(_folder, "routing.previous.json");

    /// <summary>
    /// Writes the snapshot beside the current file and swaps it in; the current file becomes the previous one.
    /// </summary>
    public void Save(RoutingSnapshot snapshot)
    {
        var temporary = Path.Combine(_folder, $"routing.{Environment.ProcessId}.tmp");
        try
        {
            Directory.CreateDirectory(_folder);
            var content = SnapshotFile.Encode(snapshot);
            if (!File.Exists(Previous))
            {
                // Nothing is older than the first: it stands for itself, so that one file is always left to believe.
                Write(temporary, content);
                File.Move(temporary, Previous);
            }

            Write(temporary, content);
            // Replace links the old file under its new name before it renames: there is a current file at every moment.
            if (File.Exists(Current))
            {
                File.Replace(temporary, Current, Previous);
            }
            else
            {
                File.Move(temporary, Current);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The snapshot is in force all the same: only a restart without a control plane would miss it.
            LogNotSaved(snapshot.Version, _folder, exception);
        }
    }

    /// <summary>The newest file that can be believed, or nothing.</summary>
    public RoutingSnapshot? Load() => TryLoad(Current, isCurrent: true) ?? TryLoad(Previous, isCurrent: false);

    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    private RoutingSnapshot? TryLoad(string path, bool isCurrent)
    {
        try
        {
            var snapshot = SnapshotFile.Decode(path, File.ReadAllBytes(path), checksumRequired: true);
            var errors = SnapshotValidator.Validate(snapshot);
            if (errors.Count == 0)
            {
                return snapshot;
            }

            LogInvalid(path, string.Join(' ', errors));
        }
        catch (CorruptSnapshotException exception)
        {
            LogCorrupted(exception.Message, isCurrent ? "The previous file is used." : "No older file is left.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(path, exception);
            return null;
        }

        SetAside(path);
        return null;
    }

    // A bad current file must not become the previous one at the next save.
    private void SetAside(string path)
    {
        try
        {
            File.Move(path, path + ".corrupt", overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(path, exception);
        }
    }

    [LoggerMessage(1101, LogLevel.Error, "{Reason} {Consequence}")]
    private partial void LogCorrupted(string reason, string consequence);

    [LoggerMessage(1102, LogLevel.Error, "Routing file {Path} is not used: {Errors}")]
    private partial void LogInvalid(string path, string errors);

    [LoggerMessage(1103, LogLevel.Error, "Routing file {Path} can't be read or moved.")]
    private partial void LogUnreadable(string path, Exception exception);

    [LoggerMessage(1104, LogLevel.Error, "Routing snapshot {Version} is in force but could not be saved in {Folder}.")]
    private partial void LogNotSaved(long version, string folder, Exception exception);
}
