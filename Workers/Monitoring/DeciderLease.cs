using Continuity.ControlPlane.Database;
using Continuity.ControlPlane.Leases;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Monitoring;

/// <summary>The right to decide on verdicts, which one monitor has.</summary>
internal sealed partial class DeciderLease(
    LeaseStore leases,
    WorkerName name,
    IOptions<MonitoringOptions> options,
    MonitoringMetrics metrics,
    TimeProvider time,
    ILoggerFactory loggers)
    : IAsyncDisposable
{
    private const string LeaseName = "monitoring/verdicts";

    private readonly ILogger _logger = loggers.CreateLogger<DeciderLease>();
    private LeaseKeeper? _keeper;

    public bool IsHeld => _keeper is { IsTrusted: true };

    /// <summary>Takes the lease if nobody has it. Answers whether this monitor decides now.</summary>
    public async Task<bool> HoldAsync(CancellationToken cancellationToken)
    {
        if (IsHeld)
        {
            return true;
        }

        if (_keeper is { } lost)
        {
            _keeper = null;
            metrics.Deciding(false);
            LogLost();
            await lost.DisposeAsync();
        }

        var timeToLive = options.Value.LeaseTimeToLive;
        var lease = await leases.TryAcquireAsync(LeaseName, name.Value, timeToLive, cancellationToken);
        if (lease is null)
        {
            return false;
        }

        var settings = new LeaseOptions { TimeToLive = timeToLive, Margin = timeToLive / 6 };
        _keeper = new LeaseKeeper(leases, lease, settings, time, loggers.CreateLogger<LeaseKeeper>());
        metrics.Deciding(true);
        LogHeld(lease.FencingToken);
        return true;
    }

    /// <summary>Gives it back, so that another monitor decides at once.</summary>
    public async Task ReleaseAsync()
    {
        if (_keeper is not { } keeper)
        {
            return;
        }

        _keeper = null;
        await keeper.DisposeAsync();
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
            await leases.ReleaseAsync(keeper.Lease, deadline.Token);
        }
        catch (Exception exception) when (DatabaseErrors.IsAway(exception) || exception is OperationCanceledException)
        {
            // It ends by itself in a moment.
        }
    }

    public ValueTask DisposeAsync() => new(ReleaseAsync());

    [LoggerMessage(2130, LogLevel.Information, "This monitor decides on verdicts now, with fencing token {Token}.")]
    private partial void LogHeld(long token);

    [LoggerMessage(2131, LogLevel.Warning, "This monitor no longer decides on verdicts.")]
    private partial void LogLost();
}
