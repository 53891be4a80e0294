using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Routing;

/// <summary>Serves from a file, with no control plane at all, and reads it again when it changes.</summary>
internal sealed partial class FileRoutingSource(
    RoutingState routing, IOptions<RoutingOptions> options, Clock clock, ILogger<FileRoutingSource> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly string _path = Path.GetFullPath(options.Value.File!);
    private (DateTime Written, long Length) _seen;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // The first reading must succeed: a gateway without routes is a mistake that the operator should see at once.
        var (written, snapshot) = (Stamp(), SnapshotFile.Decode(_path, ReadFile(), checksumRequired: false));
        var outcome = routing.Apply(snapshot, "file");
        if (!outcome.IsApplied)
        {
            throw new CorruptSnapshotException($"Routing file {_path} is refused: {string.Join(' ', outcome.Errors)}");
        }

        _seen = written;
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Looking is what works everywhere: change events get lost on network and bind mounts.
        using var timer = new PeriodicTimer(Interval, clock.Time);
        while (await WaitAsync(timer, stoppingToken))
        {
            Look();
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Look()
    {
        try
        {
            var stamp = Stamp();
            if (stamp == _seen)
            {
                routing.Confirm();
                return;
            }

            _seen = stamp;
            routing.Apply(SnapshotFile.Decode(_path, ReadFile(), checksumRequired: false), "file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            or CorruptSnapshotException)
        {
            LogUnreadable(_path, exception.Message);
        }
    }

    private (DateTime Written, long Length) Stamp()
    {
        var file = new FileInfo(_path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    private byte[] ReadFile()
    {
        try
        {
            return File.ReadAllBytes(_path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CorruptSnapshotException(
                $"Routing file {_path} does not exist; create it or unset Routing:File.");
        }
    }

    [LoggerMessage(1301, LogLevel.Error, "Routing file {Path} is not used, the snapshot in force stays: {Reason}")]
    private partial void LogUnreadable(string path, string reason);
}
