using System.IO.Hashing;
using System.Runtime.InteropServices;
using Continuity.Contracts.Routing;
using Continuity.Gateway.Forwarding;
using Continuity.Gateway.Routing;

namespace Continuity.Gateway.Balancing;

/// <summary>The policies: each picks one of at least two candidates.</summary>
internal static class PolicyChoice
{
    private const int PrefixBytes = 256;
    private const double LoadBound = 1.25;
    private const int LeastBound = 4;

    public static int Choose(Exchange exchange, ReadOnlySpan<int> candidates, long now, Dice dice)
    {
        var pool = exchange.Pool;
        return pool.Route.Policy switch
        {
            LoadBalancingPolicy.RoundRobin => candidates[pool.State.NextTurn() % candidates.Length],
            LoadBalancingPolicy.Weighted => DrawByWeight(pool, candidates, dice),
            LoadBalancingPolicy.PowerOfTwo => BetterOfTwo(pool, candidates, dice),
            LoadBalancingPolicy.PrefixAffinity => ByPrefix(exchange, candidates),
            _ => Least(pool, candidates, now),
        };
    }

    /// <summary>What a policy thinks a further request would cost at a replica; shown to operators too.</summary>
    public static double Score(LoadBalancingPolicy policy, Replica replica, long now) => policy switch
    {
        LoadBalancingPolicy.PeakEwma => PeakCost(replica, now),
        LoadBalancingPolicy.LeastTokens => replica.OutstandingTokens,
        _ => replica.InFlight + replica.Load.Penalty,
    };

    private static int Least(ServicePool pool, ReadOnlySpan<int> candidates, long now)
    {
        // The start turns, so that equals share and do not all fall to the first.
        var start = pool.State.NextTurn() % candidates.Length;
        var best = candidates[start];
        var bestScore = double.MaxValue;
        for (var i = 0; i < candidates.Length; i++)
        {
            var index = candidates[(start + i) % candidates.Length];
            var score = Score(pool.Route.Policy, pool.Replicas[index], now);
            if (score < bestScore)
            {
                (best, bestScore) = (index, score);
            }
        }

        return best;
    }

    // A replica that has never answered gets one request to show itself, and no more until it has.
    private static double PeakCost(Replica replica, long now)
    {
        const double Unmeasured = 1e6;
        var latency = replica.Latency.Value(now);
        var load = replica.InFlight + replica.Load.Penalty;
        return latency > 0 ? latency * (load + 1) : load * Unmeasured;
    }

    private static int DrawByWeight(ServicePool pool, ReadOnlySpan<int> candidates, Dice dice)
    {
        var total = 0;
        foreach (var index in candidates)
        {
            total += pool.Replicas[index].Route.Weight;
        }

        var draw = dice.Next(total);
        foreach (var index in candidates)
        {
            draw -= pool.Replicas[index].Route.Weight;
            if (draw < 0)
            {
                return index;
            }
        }

        return candidates[^1];
    }

    private static int BetterOfTwo(ServicePool pool, ReadOnlySpan<int> candidates, Dice dice)
    {
        var one = dice.Next(candidates.Length);
        var two = (one + 1 + dice.Next(candidates.Length - 1)) % candidates.Length;
        var (a, b) = (pool.Replicas[candidates[one]], pool.Replicas[candidates[two]]);
        return a.InFlight + a.Load.Penalty <= b.InFlight + b.Load.Penalty ? candidates[one] : candidates[two];
    }

    // Rendezvous hashing with bounded loads (Mirrokni et al., 2016): the first in the prefix's order that has room. The
    // least bound keeps a nearly idle service from scattering prefixes over one request more or less.
    private static int ByPrefix(Exchange exchange, ReadOnlySpan<int> candidates)
    {
        var pool = exchange.Pool;
        var prefix = PrefixHash(exchange);
        var inFlight = 0;
        foreach (var index in candidates)
        {
            inFlight += pool.Replicas[index].InFlight;
        }

        var bound = Math.Max(LeastBound, (int)Math.Ceiling(LoadBound * (inFlight + 1) / candidates.Length));
        var best = -1;
        var bestRank = 0UL;
        var leastLoaded = candidates[0];
        foreach (var index in candidates)
        {
            var replica = pool.Replicas[index];
            var rank = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(replica.Id.AsSpan()), (long)prefix);
            if (replica.InFlight < bound && (best < 0 || rank > bestRank))
            {
                (best, bestRank) = (index, rank);
            }

            leastLoaded = replica.InFlight < pool.Replicas[leastLoaded].InFlight ? index : leastLoaded;
        }

        return best >= 0 ? best : leastLoaded;
    }

    private static ulong PrefixHash(Exchange exchange)
    {
        var body = exchange.Body is null ? [] : exchange.Body.Span[exchange.Facts.PromptStart..];
        return XxHash3.HashToUInt64(body[..Math.Min(PrefixBytes, body.Length)]);
    }
}
