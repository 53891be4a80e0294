using Continuity.Contracts.Routing;
using Continuity.Gateway.Forwarding;
using Microsoft.Extensions.Options;

namespace Continuity.Gateway.Routing;

/// <summary>
/// The routing table in force. One door for all sources: a snapshot is checked as a whole, then swapped in.
/// </summary>
internal sealed partial class RoutingState
{
    private readonly RoutingOptions _options;
    private readonly Clock _clock;
    private readonly RoutingMetrics _metrics;
    private readonly ILogger<RoutingState> _logger;
    private readonly Lock _lock = new();
    private volatile RoutingTable? _current;
    private long _confirmedAt;
    private volatile string _source = "none";
    private volatile string _lastRefusal = "";

    public RoutingState(
        IOptions<RoutingOptions> options, Clock clock, RoutingMetrics metrics, ILogger<RoutingState> logger)
    {
        _options = options.Value;
        _clock = clock;
        _metrics = metrics;
        _logger = logger;
        metrics.AgeSource = () => Age;
    }

    /// <summary>Told after each swap, on the thread that swapped.</summary>
    public event Action<RoutingTable>? Swapped;

    public RoutingTable? Current => _current;

    /// <summary>Where the table in force came from: "api", "file" or "last-known-good".</summary>
    public string Source => _source;

    /// <summary>Why the newest snapshot that was refused was refused; empty after one was applied.</summary>
    public string LastRefusal => _lastRefusal;

    /// <summary>How long ago the source last said that this table is the truth.</summary>
    public TimeSpan Age => _current is null ? TimeSpan.Zero : _clock.Span(_clock.Now - Volatile.Read(ref _confirmedAt));

    /// <summary>The source has nothing newer.</summary>
    public void Confirm() => Volatile.Write(ref _confirmedAt, _clock.Now);

    /// <summary>Puts a snapshot in force, or says all that is wrong with it.</summary>
    public SnapshotOutcome Apply(RoutingSnapshot snapshot, string source)
    {
        var errors = SnapshotValidator.Validate(snapshot);
        if (errors.Count > 0)
        {
            return Refuse(snapshot, source, errors);
        }

        lock (_lock)
        {
            var before = _current;
            if (before is not null && LossOf(before, snapshot) is { } loss)
            {
                return Refuse(snapshot, source, [loss]);
            }

            var table = RoutingTable.Build(snapshot, before, _clock);
            _current = table;
            _source = source;
            _lastRefusal = "";
            Confirm();
            _metrics.Applied(snapshot.Version);
            LogApplied(
                snapshot.Version, source, snapshot.Services.Count, table.Services.Sum(pool => pool.Replicas.Length));
            MoveCallsOffFailed(table);
            Swapped?.Invoke(table);
            return SnapshotOutcome.Applied;
        }
    }

    // A verdict is a promise that waiting is in vain: the calls in flight go elsewhere now, not at their timeouts.
    private static void MoveCallsOffFailed(RoutingTable table)
    {
        foreach (var pool in table.Services)
        {
            foreach (var replica in pool.Replicas)
            {
                if (replica.Route.Verdict == Verdict.Failed || replica.Route.State is ReplicaState.Hung
                    or ReplicaState.Stopped)
                {
                    replica.Calls.EndAll(CallEnding.JudgedDown);
                }
            }
        }
    }

    private string? LossOf(RoutingTable before, RoutingSnapshot snapshot)
    {
        const int AlwaysAllowed = 1;
        if (snapshot.AcceptReplicaLoss)
        {
            return null;
        }

        var held = before.Services.SelectMany(pool => pool.Replicas).Select(replica => replica.Id).ToHashSet(
            StringComparer.Ordinal);
        var left = snapshot.Services.SelectMany(service => service.Replicas).Count(
            replica => held.Contains(replica.Id));
        var dropped = held.Count - left;
        var limit = _options.MaxDroppedShare;
        return dropped <= AlwaysAllowed || dropped <= limit * held.Count
            ? null
            : $"It drops {dropped} of {held.Count} replicas, more than the share of {limit} that "
                + $"Routing:MaxDroppedShare allows; "
                + "set acceptReplicaLoss in the snapshot if this is meant.";
    }

    private SnapshotOutcome Refuse(RoutingSnapshot snapshot, string source, IReadOnlyList<string> errors)
    {
        var text = string.Join(' ', errors);
        _lastRefusal = $"Snapshot {snapshot.Version} from {source}: {text}";
        _metrics.Refused();
        LogRefused(snapshot.Version, source, text);
        return new SnapshotOutcome(errors);
    }

    [LoggerMessage(1001, LogLevel.Information, "Routing snapshot {Version} from {Source} is in force: {Services} "
        + "services, {Replicas} replicas.")]
    private partial void LogApplied(long version, string source, int services, int replicas);

    [LoggerMessage(1002, LogLevel.Error, "Routing snapshot {Version} from {Source} is refused, the one in force "
        + "stays: {Errors}")]
    private partial void LogRefused(long version, string source, string errors);
}

/// <summary>What became of a snapshot: applied, or refused for these reasons.</summary>
internal sealed record SnapshotOutcome(IReadOnlyList<string> Errors)
{
    public static SnapshotOutcome Applied { get; } = new([]);

    public bool IsApplied => Errors.Count == 0;
}
