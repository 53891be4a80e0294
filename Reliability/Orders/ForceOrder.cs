using System.Runtime.CompilerServices;

namespace Continuity.Reliability.Orders;

/// <summary>
/// FORCE (Aloul, Markov, Sakallah 2003): pulls what a gate connects together until the spans stop shrinking.
/// </summary>
internal static class ForceOrder
{
    private const int MaxRounds = 200;

    // Past this many moves of all things together, an order costs more than the diagram it is for.
    private const int MaxMoves = 1 << 21;
    private const int FewRounds = 5;

    /// <summary>An order with smaller spans than the one it starts from.</summary>
    public static int[] Improve(Hyperedges edges, int[] start)
    {
        var place = edges.Place(start);
        var count = place.Length;
        var ranks = new PlaceRanks(count);
        ranks.Replace(place);
        var best = place.AsSpan().ToArray();
        var bestSpan = Span(edges, place);
        var rounds = Math.Min(MaxRounds, 10 + 2 * (int)Math.Log2(count + 1) * 5);
        rounds = Math.Clamp(MaxMoves / count, Math.Min(rounds, FewRounds), rounds);
        var (next, degrees) = (new double[count], DegreesOf(edges));
        for (var round = 0; round < rounds; round++)
        {
            Pull(edges, place, degrees, next);
            ranks.Replace(next);
            if (next.AsSpan().SequenceEqual(place))
            {
                break;
            }

            (place, next) = (next, place);
            var span = Span(edges, place);
            if (span < bestSpan)
            {
                bestSpan = span;
                place.CopyTo(best, 0);
            }
        }

        return Levels(best, edges.Inputs);
    }

    private static int[] DegreesOf(Hyperedges edges)
    {
        var degrees = new int[edges.Inputs + edges.Gates];
        for (var g = 0; g < edges.Gates; g++)
        {
            degrees[edges.Inputs + g]++;
            foreach (var argument in edges.Of(g))
            {
                degrees[argument]++;
            }
        }

        return degrees;
    }

    // Everything moves to the mean of its hyperedges' centres.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pull(Hyperedges edges, double[] place, int[] degrees, double[] next)
    {
        next.AsSpan().Clear();
        for (var g = 0; g < edges.Gates; g++)
        {
            var arguments = edges.Of(g);
            var centre = (place[edges.Inputs + g] + edges.Sum(g, place)) / (arguments.Length + 1);
            next[edges.Inputs + g] += centre;
            foreach (var argument in arguments)
            {
                next[argument] += centre;
            }
        }

        for (var i = 0; i < next.Length; i++)
        {
            next[i] /= degrees[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Span(Hyperedges edges, double[] place)
    {
        var span = 0.0;
        for (var g = 0; g < edges.Gates; g++)
        {
            var (low, high) = edges.Extent(g, place);
            span += high - low;
        }

        return span;
    }

    // Ranks among all things become ranks among the inputs.
    private static int[] Levels(double[] ranks, int inputs)
    {
        var order = new int[inputs];
        var levels = new int[inputs];
        for (var i = 0; i < inputs; i++)
        {
            order[i] = i;
        }

        Array.Sort(ranks[..inputs], order);
        for (var level = 0; level < inputs; level++)
        {
            levels[order[level]] = level;
        }

        return levels;
    }
}
