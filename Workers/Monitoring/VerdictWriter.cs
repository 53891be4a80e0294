using Continuity.Contracts.Routing;
using Continuity.Contracts.Services;
using Continuity.ControlPlane.Services;

namespace Continuity.Workers.Monitoring;

/// <summary>Makes the control plane's verdicts what the evidence says.</summary>
internal sealed partial class VerdictWriter(
    ReplicaStore replicas,
    Watchlist watchlist,
    OtherVantages others,
    WorkerName name,
    MonitoringMetrics metrics,
    ILogger<VerdictWriter> logger)
{
    /// <summary>Writes the verdicts that differ from what is stored.</summary>
    /// <param name="stored">
    /// The replicas as they are stored, read just now: also another monitor's mistake is put right.
    /// </param>
    /// <param name="mayWrite">Whether this monitor still decides; asked before each write.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WriteAsync(
        IReadOnlyCollection<Replica> stored, Func<bool> mayWrite, CancellationToken cancellationToken)
    {
        var own = watchlist.Verdicts;
        var decided = Judgement.Decide(
            own.ToDictionary(pair => pair.Key, pair => pair.Value.Verdict, StringComparer.Ordinal),
            others.IsFailedElsewhere);
        foreach (var replica in stored)
        {
            if (!decided.TryGetValue(replica.Id, out var verdict)
                || verdict == replica.Verdict
                || verdict == Verdict.Unknown)
            {
                continue;
            }

            if (!mayWrite())
            {
                return;
            }

            var reason = own[replica.Id].Reason;
            var change = new ReplicaVerdict(replica.Id, verdict, reason, name.Value);
            if (await replicas.SetVerdictAsync(change, cancellationToken))
            {
                metrics.VerdictChanged(verdict);
                LogChanged(replica.Id, replica.Verdict, verdict, reason ?? "It answers.");
            }
        }
    }

    [LoggerMessage(2120, LogLevel.Information, "Replica {Replica} was {Previous} and is {Verdict}: {Reason}")]
    private partial void LogChanged(string replica, Verdict previous, Verdict verdict, string reason);
}
