namespace Continuity.Reliability.CommonCause;

/// <summary>
/// Redundancy that waits: the gate's first argument carries the load, the others stand by in their order, and each has
/// to be switched to when it is demanded.
/// </summary>
/// <remarks>
/// The gate becomes first AND (switch 2 failed OR second) AND (switch 3 failed OR third) ...: a switch that failed
/// leaves the next to be tried. Switches fail independently of each other.
/// </remarks>
/// <param name="Gate">A gate of kind and.</param>
/// <param name="SuccessOnDemand">The probability that one switch-over succeeds, 0 to 1.</param>
public sealed record StandbySwitch(string Gate, double SuccessOnDemand) : RedundancyRule(Gate);
