namespace Continuity.Reliability.Markov;

/// <summary>A state model that cannot be explored: it says which transition, in which state, and why.</summary>
/// <param name="message">What is wrong and where.</param>
public sealed class InvalidStateModelException(string message) : Exception(message);
