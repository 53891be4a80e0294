namespace Continuity.Reliability.Markov;

/// <summary>How a stationary distribution was found, and how well it fits.</summary>
/// <param name="Distribution">Over the states of an irreducible chain.</param>
/// <param name="Sweeps">The sweeps it took; zero when it was eliminated.</param>
/// <param name="Residual">The largest relative difference between the flow into and out of a state.</param>
internal sealed record Stationary(double[] Distribution, int Sweeps, double Residual);

/// <summary>Elimination for small chains, sweeps for large ones.</summary>
internal static class StationarySolver
{
    public static Stationary Solve(SubChain chain, SteadyStateOptions options, CancellationToken cancellationToken)
    {
        if (chain.Count == 1)
        {
            return new Stationary([1], 0, 0);
        }

        var (weights, sweeps) = chain.Count <= options.MaximumEliminatedStates
            ? (StateElimination.Solve(chain, cancellationToken), 0)
            : new GaussSeidel(chain, options).Solve(cancellationToken);
        return new Stationary(weights, sweeps, GaussSeidel.Residual(chain, weights));
    }
}
