using System.Collections.Concurrent;
using Continuity.Contracts.Messages;
using Continuity.Contracts.Routing;
using Microsoft.Extensions.Options;

namespace Continuity.Workers.Monitoring;

/// <summary>
/// What monitors at other sites saw lately. Their clocks are not compared with ours: the time of arrival counts.
/// </summary>
internal sealed class OtherVantages(
    IOptions<WorkerOptions> worker, IOptions<MonitoringOptions> monitoring, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Vantage, string Replica), Evidence> _seen = new();

    public void Hear(ObservationMessage observation)
    {
        if (observation.Vantage != worker.Value.Site)
        {
            _seen[(observation.Vantage, observation.Target)] = new Evidence(observation.Verdict, time.GetTimestamp());
        }
    }

    public bool IsFailedElsewhere(string replica) => _seen.Any(pair =>
        pair.Key.Replica == replica
        && pair.Value.Verdict == Verdict.Failed
        && time.GetElapsedTime(pair.Value.HeardAt) <= monitoring.Value.EvidenceLifetime);

    private readonly record struct Evidence(Verdict Verdict, long HeardAt);
}
