using Continuity.Contracts.Routing;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Health;
using Continuity.Gateway.Routing;
using Continuity.Gateway.Streaming;

namespace Continuity.Gateway.Balancing;

/// <summary>Filter, then site, then score: which replica gets a request.</summary>
internal sealed class ReplicaPicker(Clock clock, Dice dice)
{
    private const int MaxOnStack = 128;

    /// <summary>A replica that may take the exchange's request; nothing when none may.</summary>
    public Replica? Pick(Exchange exchange)
    {
        var pool = exchange.Pool;
        var count = pool.Replicas.Length;
        var candidates = count <= MaxOnStack ? stackalloc int[count] : new int[count];
        var found = Filter(exchange, candidates);
        if (found.Length == 0)
        {
            return null;
        }

        if (pool.Priorities.Length > 1 || pool.HasSiteWeights)
        {
            found = SiteChoice.Narrow(exchange, found, dice);
        }

        return found.Length == 1
            ? pool.Replicas[found[0]]
            : pool.Replicas[PolicyChoice.Choose(exchange, found, clock.Now, dice)];
    }

    // From the strictest idea of "may take it" to the most lenient: better a doubtful replica than none.
    private static Span<int> Filter(Exchange exchange, Span<int> candidates)
    {
        // So many out for mere slowness is more likely this gateway's own trouble than theirs, and the few that are
        // left must not bear everything: first attempts use the slow ones too. A retry goes to those who are in.
        var first = exchange.Attempts == 0 && IsPanic(exchange.Pool) ? Leniency.Slow : Leniency.Healthy;
        for (var leniency = first; leniency <= Leniency.TriedAgain; leniency++)
        {
            var found = Collect(exchange, candidates, leniency);
            if (found > 0)
            {
                return candidates[..found];
            }
        }

        return [];
    }

    private static int Collect(Exchange exchange, Span<int> candidates, Leniency leniency)
    {
        var pool = exchange.Pool;
        var found = 0;
        for (var i = 0; i < pool.Replicas.Length; i++)
        {
            var replica = pool.Replicas[i];
            if (!IsOffered(exchange, pool, i))
            {
                continue;
            }

            if (IsHealthyEnough(replica, leniency) && (leniency != Leniency.Healthy || HasRoom(pool, replica))
                && (leniency == Leniency.TriedAgain || !exchange.Tried.Contains(replica)))
            {
                candidates[found++] = i;
            }
        }

        return found;
    }

    private static bool IsPanic(ServicePool pool)
    {
        var slow = 0;
        foreach (var replica in pool.Replicas)
        {
            slow += replica.Health.IsOutForSlowness ? 1 : 0;
        }

        return slow > 0 && slow > pool.Route.Health.MaxEjectedShare * pool.Replicas.Length;
    }

    private static bool IsOffered(Exchange exchange, ServicePool pool, int index)
    {
        var replica = pool.Replicas[index];
        return replica.TakesTraffic
            && pool.SiteOf[index] is { AcceptsTraffic: true, Weight: > 0 }
            && (exchange.Model.Adapter is null || replica.Route.Adapters.Contains(exchange.Model.Adapter))
            && (!exchange.NeedsContinuation || ContinuationRequest.IsSupportedBy(replica, exchange.Operation))
            && (pool.Route.ReplicasPerTenant == 0 || TenantShard.Holds(pool, index, exchange.Caller.Tenant));
    }

    private static bool HasRoom(ServicePool pool, Replica replica) =>
        pool.Route.Admission is not { MaxConcurrencyPerReplica: > 0 and var most } settings
        || replica.InFlight < replica.Limit.Value(most, settings.Adaptive);

    private static bool IsHealthyEnough(Replica replica, Leniency leniency) => leniency switch
    {
        Leniency.Healthy => replica.LooksAlive && replica.Health.Standing == Standing.Good
            && replica.Route.Verdict != Verdict.Gray && replica.Route.State != ReplicaState.Warming,
        Leniency.Doubtful => replica.LooksAlive && replica.Health.Standing == Standing.Good,
        Leniency.Slow => replica.LooksAlive
            && (replica.Health.Standing == Standing.Good || replica.Health.IsOutForSlowness),
        Leniency.Ejected => replica.LooksAlive,
        _ => true,
    };

    private enum Leniency
    {
        Healthy,
        Doubtful,
        Slow,
        Ejected,
        Dead,
        TriedAgain,
    }
}
