namespace Continuity.Reliability.Markov;

/// <summary>A guarded transition: where the guard holds, it fires at the rate and changes the state.</summary>
/// <param name="Name">Names the transition in errors and in <see cref="StateSpace.ImpulseRates"/>.</param>
/// <param name="Guard">The states in which it is enabled.</param>
/// <param name="Rate">Firings per unit of time; zero disables it.</param>
/// <param name="Effect">The change of state.</param>
public sealed record StateTransition(string Name, StatePredicate Guard, StateValue Rate, StateEffect Effect);
