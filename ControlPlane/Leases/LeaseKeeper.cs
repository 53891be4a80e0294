using Continuity.ControlPlane.Database;
using Microsoft.Extensions.Logging;

namespace Continuity.ControlPlane.Leases;

/// <summary>
/// Renews a lease for as long as its work lasts, and says at once when the right is gone: by the holder's own monotonic
/// clock less a margin, so that it stops before the database would let anyone else begin.
/// </summary>
public sealed partial class LeaseKeeper : IAsyncDisposable
{
    private readonly LeaseStore _store;
    private readonly LeaseOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _renewing;
    private Lease _lease;

    public LeaseKeeper(LeaseStore store, Lease lease, LeaseOptions options, TimeProvider time,
        ILogger<LeaseKeeper> logger)
    {
        _store = store;
        _lease = lease;
        _options = options;
        _time = time;
        _logger = logger;
        _lost = new CancellationTokenSource(TrustLeft(lease), time);
        Lost = _lost.Token;
        _renewing = RenewAsync(_stopping.Token);
    }

    /// <summary>Cancelled the moment the lease may no longer be trusted.</summary>
    public CancellationToken Lost { get; }

    /// <summary>The lease as last renewed; its fencing token never changes.</summary>
    public Lease Lease => Volatile.Read(ref _lease);

    /// <summary>Whether a side effect may begin now.</summary>
    public bool IsTrusted => !Lost.IsCancellationRequested && TrustLeft(Lease) > TimeSpan.Zero;

    /// <summary>Stops renewing. Releasing is the owner's business, with its last write.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _renewing;
        _stopping.Dispose();
        _lost.Dispose();
    }

    private TimeSpan TrustLeft(Lease lease)
    {
        var left = _options.TimeToLive - _options.Margin - _time.GetElapsedTime(lease.AskedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task RenewAsync(CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, Lost);

        // It ticks on while a renewal is under way: a slow one isn't followed by a whole interval more.
        using var timer = new PeriodicTimer(_options.RenewalInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(either.Token))
            {
                await RenewOnceAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            if (Lost.IsCancellationRequested && !stopping.IsCancellationRequested)
            {
                LogLost(Lease.Name, Lease.FencingToken);
            }
        }
    }

    // A database that doesn't answer is no reason to stop yet: the trust runs out by itself if that lasts.
    private async Task RenewOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var renewed = await _store.RenewAsync(Lease, _options.TimeToLive, cancellationToken);
            if (renewed is null)
            {
                await _lost.CancelAsync();
                return;
            }

            Volatile.Write(ref _lease, renewed);
            _lost.CancelAfter(TrustLeft(renewed));
        }
        catch (Exception exception) when (DatabaseErrors.IsFailure(exception))
        {
            LogNotRenewed(Lease.Name, TrustLeft(Lease).TotalSeconds, exception.Message);
        }
    }

    [LoggerMessage(1100, LogLevel.Warning, "Lease {Name} with fencing token {Token} is lost: its work stops here.")]
    private partial void LogLost(string name, long token);

    [LoggerMessage(1101, LogLevel.Warning,
        "Lease {Name} could not be renewed and is trusted for another {Seconds:F1} s: {Reason}")]
    private partial void LogNotRenewed(string name, double seconds, string reason);
}
