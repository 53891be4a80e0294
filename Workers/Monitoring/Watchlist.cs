using System.Collections.Concurrent;
using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Monitoring;

/// <summary>
/// The replicas that are probed, each in a loop of its own so that one that hangs delays no other, and what this
/// vantage thinks of them. It outlives the database: what was last known is probed on.
/// </summary>
internal sealed class Watchlist(
    ReplicaProbe probe,
    ObservationPublisher publisher,
    MonitoringMetrics metrics,
    IOptions<MonitoringOptions> options,
    TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Watch> _watches = new(StringComparer.Ordinal);

    /// <summary>Replicas whose verdict changed since they were last looked at.</summary>
    public WakeUp Changes { get; } = new();

    /// <summary>What this vantage thinks of each.</summary>
    public IReadOnlyDictionary<string, VantageVerdict> Verdicts =>
        _watches.ToDictionary(pair => pair.Key, pair => pair.Value.Latest, StringComparer.Ordinal);

    /// <summary>Begins to probe what is new, and ends what is gone or listens elsewhere now.</summary>
    public async Task SetAsync(IReadOnlyCollection<Replica> replicas, CancellationToken stopping)
    {
        // A stopped replica is meant to be silent.
        var wanted = replicas.Where(replica => replica.State != ReplicaState.Stopped)
            .ToDictionary(replica => replica.Id, StringComparer.Ordinal);
        foreach (var (id, watch) in _watches)
        {
            if (!wanted.TryGetValue(id, out var replica) || !watch.Covers(replica))
            {
                _watches.TryRemove(id, out _);
                await watch.StopAsync();
            }
        }

        foreach (var replica in wanted.Values.Where(replica => !_watches.ContainsKey(replica.Id)))
        {
            _watches[replica.Id] = new Watch(replica, this, stopping);
        }
    }

    public async Task StopAsync()
    {
        foreach (var watch in _watches.Values)
        {
            await watch.StopAsync();
        }
    }

    private sealed class Watch
    {
        private readonly Replica _replica;
        private readonly Watchlist _list;
        private readonly CancellationTokenSource _stop;
        private readonly VerdictTracker _tracker;
        private readonly Task _loop;
        private volatile VantageVerdict _latest = new(Verdict.Unknown, null);

        public Watch(Replica replica, Watchlist list, CancellationToken stopping)
        {
            _replica = replica;
            _list = list;
            _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var settings = list.Settings;
            _tracker = new VerdictTracker(settings.FailuresToFail, settings.SuccessesToHeal);
            _loop = RunAsync(_stop.Token);
        }

        public VantageVerdict Latest => _latest;

        public bool Covers(Replica replica) =>
            (replica.Address, replica.Engine, replica.UpstreamModel, replica.Service, replica.Http2, replica.Credential)
            == (_replica.Address, _replica.Engine, _replica.UpstreamModel, _replica.Service, _replica.Http2,
                _replica.Credential);

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _loop;
            _stop.Dispose();
        }

        private async Task RunAsync(CancellationToken cancellationToken)
        {
            using var timer = new PeriodicTimer(_list.Settings.Interval, _list.Time);
            try
            {
                do
                {
                    Take(await _list.Probe.ProbeAsync(_replica, cancellationToken));
                }
                while (await timer.WaitForNextTickAsync(cancellationToken));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The replica is gone from the list, or the process ends.
            }
        }

        private void Take(ProbeResult result)
        {
            var before = _latest.Verdict;
            _latest = new VantageVerdict(_tracker.Add(result.Succeeded), result.Reason);
            _list.Metrics.Probed(_replica, result);
            _list.Publisher.Publish(_replica.Id, _latest, result.Duration);
            if (_latest.Verdict != before)
            {
                _list.Changes.Raise();
            }
        }
    }

    private MonitoringOptions Settings => options.Value;

    private TimeProvider Time => time;

    private ReplicaProbe Probe => probe;

    private ObservationPublisher Publisher => publisher;

    private MonitoringMetrics Metrics => metrics;
}

/// <summary>What one vantage thinks of a replica, and why.</summary>
internal sealed record VantageVerdict(Verdict Verdict, string? Reason);
