using Continuity.Reliability.Preprocessing;

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
    public static int[] Improve(Module module, int[] start)
    {
        var inputs = module.Inputs.Length;
        var count = inputs + module.Gates.Length;
        var place = new double[count];
        for (var i = 0; i < inputs; i++)
        {
            place[i] = start[i];
        }

        // A gate starts between its arguments.
        for (var g = 0; g < module.Gates.Length; g++)
        {
            place[inputs + g] = module.Gates[g].Arguments.Average(argument => place[Literal.Node(argument) - 1]);
        }

        Rank(place);
        var best = Levels(place, inputs);
        var bestSpan = Span(module, place);
        var rounds = Math.Min(MaxRounds, 10 + 2 * (int)Math.Log2(count + 1) * 5);
        rounds = Math.Clamp(MaxMoves / count, Math.Min(rounds, FewRounds), rounds);
        for (var round = 0; round < rounds; round++)
        {
            place = Pull(module, place);
            Rank(place);
            var span = Span(module, place);
            if (span < bestSpan)
            {
                (best, bestSpan) = (Levels(place, inputs), span);
            }
        }

        return best;
    }

    // One hyperedge a gate: the gate and its arguments. Everything moves to the mean of its hyperedges' centres.
    private static double[] Pull(Module module, double[] place)
    {
        var inputs = module.Inputs.Length;
        var sum = new double[place.Length];
        var edges = new int[place.Length];
        for (var g = 0; g < module.Gates.Length; g++)
        {
            var arguments = module.Gates[g].Arguments;
            var centre = (place[inputs + g] + arguments.Sum(a => place[Literal.Node(a) - 1])) / (arguments.Length + 1);
            sum[inputs + g] += centre;
            edges[inputs + g]++;
            foreach (var argument in arguments)
            {
                sum[Literal.Node(argument) - 1] += centre;
                edges[Literal.Node(argument) - 1]++;
            }
        }

        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] /= edges[i];
        }

        return sum;
    }

    private static void Rank(double[] place)
    {
        var order = Enumerable.Range(0, place.Length).OrderBy(i => place[i]).ToArray();
        for (var rank = 0; rank < order.Length; rank++)
        {
            place[order[rank]] = rank;
        }
    }

    private static double Span(Module module, double[] place)
    {
        var inputs = module.Inputs.Length;
        var span = 0.0;
        for (var g = 0; g < module.Gates.Length; g++)
        {
            var (low, high) = (place[inputs + g], place[inputs + g]);
            foreach (var argument in module.Gates[g].Arguments)
            {
                low = Math.Min(low, place[Literal.Node(argument) - 1]);
                high = Math.Max(high, place[Literal.Node(argument) - 1]);
            }

            span += high - low;
        }

        return span;
    }

    private static int[] Levels(double[] place, int inputs)
    {
        var levels = new int[inputs];
        var order = Enumerable.Range(0, inputs).OrderBy(i => place[i]).ToArray();
        for (var level = 0; level < inputs; level++)
        {
            levels[order[level]] = level;
        }

        return levels;
    }
}
