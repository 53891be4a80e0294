namespace Continuity.Reliability.Markov;

/// <summary>What the vector after k jumps counts towards the distribution, the occupancy and its integral.</summary>
/// <param name="Now">The probability of k jumps.</param>
/// <param name="Occupied">The probability of more than k jumps.</param>
/// <param name="Integral">The expected number of jumps beyond k + 1.</param>
internal readonly record struct JumpWeight(double Now, double Occupied, double Integral);
