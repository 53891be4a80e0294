namespace Continuity.Reliability.Uncertainty;

/// <summary>Where the probability of an event comes from in a sample.</summary>
/// <param name="Event">The place of the event in the graph.</param>
/// <param name="Parameter">The place of the parameter.</param>
/// <param name="ToProbability">Turns the parameter's value into a probability; null when it is one.</param>
internal readonly record struct EventSource(int Event, int Parameter, Func<double, double>? ToProbability);
