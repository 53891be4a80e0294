using System.Diagnostics.Metrics;
using Continuity.Gateway.Health;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Forwarding;

/// <summary>What is measured of requests and of the decisions about them.</summary>
internal sealed class ForwardingMetrics
{
    private readonly RoutingState _routing;
    private readonly Clock _clock;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _budgetExhausted;
    private readonly Counter<long> _hedges;
    private readonly Counter<long> _refused;

    public ForwardingMetrics(IMeterFactory meters, RoutingState routing, Clock clock)
    {
        _routing = routing;
        _clock = clock;
        var meter = meters.Create("Continuity.Forwarding");
        _requests = meter.CreateCounter<long>("continuity.gateway.requests", "{request}", "Requests for models.");
        _duration = meter.CreateHistogram<double>(
            "continuity.gateway.first_byte.duration", "s", "From a request's arrival to its answer's first byte.");
        _retries = meter.CreateCounter<long>(
            "continuity.gateway.retries", "{retry}", "Attempts at a further replica, continuations included.");
        _budgetExhausted = meter.CreateCounter<long>(
            "continuity.gateway.retries_denied", "{retry}", "Retries that the budget did not allow.");
        _hedges = meter.CreateCounter<long>(
            "continuity.gateway.hedges", "{request}", "Requests that a second replica was asked beside the first.");
        _refused = meter.CreateCounter<long>(
            "continuity.gateway.refused", "{request}", "Requests refused before any replica was asked.");
        CreateReplicaInstruments(meter);
    }

    public void Ended(Exchange exchange)
    {
        var service = new KeyValuePair<string, object?>("service", exchange.Pool.Name);
        var status = exchange.Context.Response.StatusCode;
        var outcome = exchange.Aborted.IsCancellationRequested ? "abandoned"
            : exchange.StreamBroken ? "broken"
            : status < StatusCodes.Status400BadRequest ? "answered"
            : status < StatusCodes.Status500InternalServerError ? "rejected"
            : "failed";
        _requests.Add(1, service, new KeyValuePair<string, object?>("outcome", outcome));
        if (exchange.FirstByteAt > 0)
        {
            _duration.Record(_clock.Seconds(exchange.FirstByteAt - exchange.StartedAt), service);
        }
    }

    public void Retried(string service) => _retries.Add(1, new KeyValuePair<string, object?>("service", service));

    public void BudgetExhausted(string service) =>
        _budgetExhausted.Add(1, new KeyValuePair<string, object?>("service", service));

    public void Hedged(string service) => _hedges.Add(1, new KeyValuePair<string, object?>("service", service));

    public void Refused(ApiError error) => _refused.Add(1, new KeyValuePair<string, object?>("reason", error.Code));

    // Counted by the replicas themselves and read at each scrape: that costs a request nothing.
    private void CreateReplicaInstruments(Meter meter)
    {
        meter.CreateObservableCounter(
            "continuity.replica.attempts", ReadOutcomes, "{attempt}", "Attempts at a replica, by how they ended.");
        meter.CreateObservableGauge(
            "continuity.replica.in_flight", () =>
                Read(replica => replica.InFlight), "{request}", "Requests in flight.");
        meter.CreateObservableGauge(
            "continuity.replica.up",
            () => Read(replica => replica.LooksAlive && replica.Health.Standing == Standing.Good ? 1 : 0),
            "1",
            "Whether this gateway sends it requests.");
        meter.CreateObservableGauge(
            "continuity.gateway.queue.length",
            () => Pools().Select(pool => new Measurement<int>(pool.State.Queue.Waiting, Service(pool))),
            "{request}",
            "Requests that wait for a replica to have room.");
    }

    private ServicePool[] Pools() => _routing.Current?.Services ?? [];

    private IEnumerable<Measurement<int>> Read(Func<Replica, int> value) =>
        from pool in Pools()
        from replica in pool.Replicas
        select new Measurement<int>(value(replica), Service(pool), Site(replica), Name(replica));

    private IEnumerable<Measurement<long>> ReadOutcomes() =>
        from pool in Pools()
        from replica in pool.Replicas
        from outcome in Enum.GetValues<Outcome>()
        let count = replica.Outcomes[outcome]
        where count > 0
        select new Measurement<long>(
            count, Service(pool), Site(replica), Name(replica), new("outcome", outcome.ToString().ToLowerInvariant()));

    private static KeyValuePair<string, object?> Service(ServicePool pool) => new("service", pool.Name);

    private static KeyValuePair<string, object?> Site(Replica replica) => new("site", replica.Route.Site);

    private static KeyValuePair<string, object?> Name(Replica replica) => new("replica", replica.Id);
}
