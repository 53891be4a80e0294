using Continuity.Reliability.Distributions;

namespace Continuity.Reliability.Uncertainty;

/// <summary>A number that is not known exactly and that one or many events depend on.</summary>
/// <param name="Id">Unique among the parameters.</param>
/// <param name="Distribution">What is known about it.</param>
public sealed record UncertainParameter(string Id, Distribution Distribution);
