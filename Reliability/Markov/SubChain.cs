namespace Continuity.Reliability.Markov;

/// <summary>
/// The part of a chain that is inside a set and can be reached there from the start without leaving the set.
/// </summary>
/// <remarks>Rates that lead out of it count as leaving (in <see cref="ExitRates"/>) but go nowhere.</remarks>
internal sealed class SubChain
{
    private SubChain(int[] states, int depth, RateMatrix incoming, double[] exitRates, double[] leaks)
    {
        States = states;
        Depth = depth;
        Incoming = incoming;
        ExitRates = exitRates;
        Leaks = leaks;
    }

    /// <summary>The numbers of its states in the whole chain, by distance from the start.</summary>
    public int[] States { get; }

    /// <summary>The largest number of jumps that any of its states is away from the start.</summary>
    public int Depth { get; }

    /// <summary>Row j holds the rates into state j from inside.</summary>
    public RateMatrix Incoming { get; }

    /// <summary>The rate at which each state is left, for inside or outside.</summary>
    public double[] ExitRates { get; }

    /// <summary>The part of each exit rate that leads outside.</summary>
    public double[] Leaks { get; }

    public int Count => States.Length;

    public bool IsClosed => Array.TrueForAll(Leaks, leak => leak == 0);

    /// <param name="rates">The whole chain.</param>
    /// <param name="start">A weight per state of the whole chain; where it is above zero, the chain may start.</param>
    /// <param name="keep">Whether each state belongs to the set.</param>
    public static SubChain Of(RateMatrix rates, ReadOnlySpan<double> start, ReadOnlySpan<bool> keep)
    {
        var (states, numbers, depth) = Reach(rates, start, keep);
        var builder = new RateMatrixBuilder();
        var exits = new double[states.Count];
        var leaks = new double[states.Count];
        for (var i = 0; i < states.Count; i++)
        {
            builder.StartRow();
            exits[i] = rates.ExitRates[states[i]];
            for (var k = rates.RowStarts[states[i]]; k < rates.RowStarts[states[i] + 1]; k++)
            {
                var target = numbers[rates.Columns[k]];
                if (target >= 0)
                {
                    builder.Add(target, rates.Rates[k]);
                }
                else
                {
                    leaks[i] += rates.Rates[k];
                }
            }
        }

        return new SubChain([.. states], depth, builder.Build(states.Count).Transposed, exits, leaks);
    }

    /// <summary>Picks this part's values out of a vector over the whole chain.</summary>
    public double[] Gather(ReadOnlySpan<double> whole)
    {
        var part = new double[Count];
        for (var i = 0; i < part.Length; i++)
        {
            part[i] = whole[States[i]];
        }

        return part;
    }

    /// <summary>Puts this part's values into a vector over the whole chain that is zero elsewhere.</summary>
    public double[] Scatter(ReadOnlySpan<double> part, int wholeStates)
    {
        var whole = new double[wholeStates];
        for (var i = 0; i < part.Length; i++)
        {
            whole[States[i]] = part[i];
        }

        return whole;
    }

    private static (List<int> States, int[] Numbers, int Depth) Reach(
        RateMatrix rates, ReadOnlySpan<double> start, ReadOnlySpan<bool> keep)
    {
        var numbers = new int[rates.States];
        Array.Fill(numbers, -1);
        var states = new List<int>();
        for (var i = 0; i < start.Length; i++)
        {
            if (start[i] > 0 && keep[i])
            {
                numbers[i] = states.Count;
                states.Add(i);
            }
        }

        var (depth, levelEnd) = (0, states.Count);
        for (var next = 0; next < states.Count; next++)
        {
            if (next == levelEnd)
            {
                depth++;
                levelEnd = states.Count;
            }

            for (var k = rates.RowStarts[states[next]]; k < rates.RowStarts[states[next] + 1]; k++)
            {
                var target = rates.Columns[k];
                if (keep[target] && numbers[target] < 0)
                {
                    numbers[target] = states.Count;
                    states.Add(target);
                }
            }
        }

        return (states, numbers, depth);
    }
}
