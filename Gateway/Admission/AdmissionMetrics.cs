using System.Diagnostics.Metrics;

namespace Continuity.Gateway.Admission;

/// <summary>What is measured of the decisions to let requests in.</summary>
internal sealed class AdmissionMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _refused = meters.Create("Continuity.Admission").CreateCounter<long>(
        "continuity.gateway.queue.refused", "{request}", "Requests that busy replicas had no room for in time.");

    public void Refused(string service, Refusal refusal) => _refused.Add(
        1, new KeyValuePair<string, object?>("service", service),
        new KeyValuePair<string, object?>("reason", Name(refusal)));

    private static string Name(Refusal refusal) => refusal switch
    {
        Refusal.Full => "full",
        Refusal.TooLong => "too-long",
        Refusal.TimedOut => "timed-out",
        _ => "displaced",
    };
}
