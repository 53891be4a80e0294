namespace Continuity.Reliability.Markov;

/// <summary>Chooses how to carry a sub-chain to a time.</summary>
internal static class TransientSolver
{
    private const double LongestWindow = 1e9;

    /// <param name="chain">What is left when absorbing states, targets and the like are taken out.</param>
    /// <param name="start">Its distribution at time zero; may add up to less than one.</param>
    /// <param name="time">Zero or more.</param>
    /// <param name="options">The precision.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    public static Evolution Run(
        SubChain chain, double[] start, double time, TransientOptions options, CancellationToken cancellationToken)
    {
        if (chain.Count == 0)
        {
            return Evolution.Nothing(0);
        }

        if (time == 0 || chain.ExitRates.Max() == 0)
        {
            return Still(start, time);
        }

        var jumps = Uniformisation.JumpRate(chain) * time;
        if (IsDenseCheaper(chain, jumps, options))
        {
            return new RepeatedSquaring(chain).Run(start, time, cancellationToken);
        }

        if (!(jumps <= LongestWindow))
        {
            throw new ArgumentOutOfRangeException(
                nameof(time),
                time,
                $"In this time the fastest state of the {chain.Count} would be left {jumps:G3} times, more than the "
                + $"{LongestWindow:G3} that are followed. Ask for the steady state, or for a shorter time.");
        }

        return new Uniformisation(chain, options.RelativePrecision).Run(start, time, cancellationToken);
    }

    private static Evolution Still(double[] start, double time) => new(
        (double[])start.Clone(),
        Array.ConvertAll(start, value => value * time),
        Array.ConvertAll(start, value => value * time * time / 2),
        0,
        0);

    private static bool IsDenseCheaper(SubChain chain, double jumps, TransientOptions options)
    {
        if (chain.Count > options.MaximumDenseStates)
        {
            return false;
        }

        var size = (double)chain.Count;
        var dense = 3 * size * size * size * Math.Max(1, Math.Log2(jumps)) / 4;
        return dense < jumps * (chain.Incoming.Transitions + (2 * size));
    }
}
