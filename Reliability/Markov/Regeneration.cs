namespace Continuity.Reliability.Markov;

/// <summary>The expected time in each state of a chain before it leaves for good.</summary>
/// <remarks>
/// Whoever leaves is sent back to the start, which makes the chain irreducible: by the renewal reward theorem the
/// expected time in a state per cycle is its stationary probability over the number of cycles per unit of time. The
/// linear system for the same times is nearly singular when leaving is rare, which is what reliability is about; the
/// stationary distribution is not (P. Heidelberger, Fast simulation of rare events, 1995, on regeneration).
/// </remarks>
internal static class Regeneration
{
    /// <param name="chain">A chain that leaves with certainty.</param>
    /// <param name="start">Where it starts; adds up to at most one.</param>
    /// <param name="options">The precision.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    public static (double[] Occupancy, Stationary Stationary) Solve(
        SubChain chain, double[] start, SteadyStateOptions options, CancellationToken cancellationToken)
    {
        var mass = Vectors.Sum(start);
        var returnRate = chain.ExitRates.Max();
        var closed = Close(chain, start, returnRate / mass);
        var stationary = StationarySolver.Solve(closed, options, cancellationToken);
        var occupancy = new double[chain.Count];
        var cycles = 0.0;
        for (var i = 0; i < closed.Count; i++)
        {
            if (closed.States[i] == 0)
            {
                cycles = stationary.Distribution[i] * returnRate;
            }
            else
            {
                occupancy[closed.States[i] - 1] = stationary.Distribution[i];
            }
        }

        return (Array.ConvertAll(occupancy, time => time / cycles * mass), stationary);
    }

    // State 0 is the return; state i + 1 is the chain's state i.
    private static SubChain Close(SubChain chain, double[] start, double rate)
    {
        var entries = new List<RateEntry>();
        for (var i = 0; i < chain.Count; i++)
        {
            entries.Add(new RateEntry(0, i + 1, start[i] * rate));
            entries.Add(new RateEntry(i + 1, 0, chain.Leaks[i]));
            for (var k = chain.Incoming.RowStarts[i]; k < chain.Incoming.RowStarts[i + 1]; k++)
            {
                entries.Add(new RateEntry(chain.Incoming.Columns[k] + 1, i + 1, chain.Incoming.Rates[k]));
            }
        }

        var rates = RateMatrix.FromEntries(chain.Count + 1, entries);
        var keep = new bool[rates.States];
        Array.Fill(keep, true);
        var from = new double[rates.States];
        from[0] = 1;
        return SubChain.Of(rates, from, keep);
    }
}
