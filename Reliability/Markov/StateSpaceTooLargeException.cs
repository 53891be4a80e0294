namespace Continuity.Reliability.Markov;

/// <summary>A state model with more reachable states than the caller allowed.</summary>
/// <param name="limit">The limit that was reached.</param>
public sealed class StateSpaceTooLargeException(int limit)
    : Exception($"The model reaches more than {limit} states. Allow more, or describe it with fewer variables.")
{
    /// <summary>The limit that was reached.</summary>
    public int Limit { get; } = limit;
}
