using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Balancing;

/// <summary>
/// Which site gets a request: the preferred priority while it has enough healthy replicas, the next one gradually more.
/// </summary>
internal static class SiteChoice
{
    // A site that has lost less than a seventh of its replicas is taken to bear the rest of the load itself (as in
    // Envoy).
    private const double Overprovisioning = 1.4;

    /// <summary>Keeps the candidates of the drawn priority, and of the drawn site where sites have shares.</summary>
    public static Span<int> Narrow(Exchange exchange, Span<int> candidates, Dice dice)
    {
        var pool = exchange.Pool;
        var priority = DrawPriority(pool, candidates, dice);
        var kept = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (pool.SiteOf[candidates[i]].Priority == priority)
            {
                candidates[kept++] = candidates[i];
            }
        }

        candidates = candidates[..kept];
        return pool.HasSiteWeights ? NarrowToSite(pool, candidates, dice) : candidates;
    }

    private static int DrawPriority(ServicePool pool, ReadOnlySpan<int> candidates, Dice dice)
    {
        var draw = dice.NextDouble();
        var last = int.MinValue;
        foreach (var priority in pool.Priorities)
        {
            var (healthy, all) = Count(pool, candidates, priority);
            if (healthy == 0)
            {
                continue;
            }

            last = priority;
            var share = Math.Min(1.0, Overprovisioning * healthy / all);
            if (draw < share)
            {
                return priority;
            }

            // What this priority can't bear is drawn again among the rest.
            draw = (draw - share) / (1 - share);
        }

        return last;
    }

    private static (int Healthy, int All) Count(ServicePool pool, ReadOnlySpan<int> candidates, int priority)
    {
        var healthy = 0;
        foreach (var index in candidates)
        {
            healthy += pool.SiteOf[index].Priority == priority ? 1 : 0;
        }

        var all = 0;
        foreach (var site in pool.SiteOf)
        {
            all += site.Priority == priority ? 1 : 0;
        }

        return (healthy, all);
    }

    private static Span<int> NarrowToSite(ServicePool pool, Span<int> candidates, Dice dice)
    {
        // A site's weight is shared by its candidates, so that a site with fewer of them still gets its share.
        var total = 0.0;
        foreach (var index in candidates)
        {
            total += WeightPerReplica(pool, candidates, index);
        }

        if (total <= 0)
        {
            return candidates;
        }

        var draw = dice.NextDouble() * total;
        var drawn = pool.SiteOf[candidates[^1]];
        foreach (var index in candidates)
        {
            draw -= WeightPerReplica(pool, candidates, index);
            if (draw < 0)
            {
                drawn = pool.SiteOf[index];
                break;
            }
        }

        var kept = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (ReferenceEquals(pool.SiteOf[candidates[i]], drawn))
            {
                candidates[kept++] = candidates[i];
            }
        }

        return candidates[..kept];
    }

    private static double WeightPerReplica(ServicePool pool, ReadOnlySpan<int> candidates, int index)
    {
        var site = pool.SiteOf[index];
        var count = 0;
        foreach (var other in candidates)
        {
            count += ReferenceEquals(pool.SiteOf[other], site) ? 1 : 0;
        }

        return site.Weight / (double)count;
    }
}
