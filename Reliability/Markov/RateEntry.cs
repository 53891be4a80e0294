namespace Continuity.Reliability.Markov;

/// <summary>One rate of a chain given as a list.</summary>
/// <param name="From">The number of the state left.</param>
/// <param name="To">The number of the state entered.</param>
/// <param name="Rate">Transitions per unit of time: finite, zero or more.</param>
public readonly record struct RateEntry(int From, int To, double Rate);
