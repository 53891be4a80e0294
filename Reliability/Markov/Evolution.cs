namespace Continuity.Reliability.Markov;

/// <summary>What a <see cref="SubChain"/> does up to a time, as vectors over its states.</summary>
/// <param name="Distribution">The probability of each state at that time.</param>
/// <param name="Occupancy">The expected time spent in each state until then.</param>
/// <param name="SecondOccupancy">The integral of <paramref name="Occupancy"/> over time.</param>
/// <param name="Steps">The vector-matrix products or matrix squarings it took.</param>
/// <param name="ErrorBound">A bound on the relative error of the method, without rounding.</param>
internal sealed record Evolution(
    double[] Distribution, double[] Occupancy, double[] SecondOccupancy, int Steps, double ErrorBound)
{
    public static Evolution Nothing(int states) =>
        new(new double[states], new double[states], new double[states], 0, 0);
}
