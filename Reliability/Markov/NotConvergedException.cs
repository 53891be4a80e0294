namespace Continuity.Reliability.Markov;

/// <summary>An iteration ended before its answer was good enough: no answer is given rather than a bad one.</summary>
/// <param name="sweeps">The sweeps made.</param>
/// <param name="residual">The relative residual reached.</param>
public sealed class NotConvergedException(int sweeps, double residual)
    : Exception(
        $"The steady state has a relative residual of {residual:G3} after {sweeps} sweeps. Allow more sweeps or less "
        + "precision, or merge states that are hardly ever left.")
{
    /// <summary>The sweeps made.</summary>
    public int Sweeps { get; } = sweeps;

    /// <summary>The relative residual reached.</summary>
    public double Residual { get; } = residual;
}
