namespace Continuity.Reliability.Repair;

/// <summary>A group in one state of its system.</summary>
/// <param name="Working">How many of its units have not failed.</param>
/// <param name="Active">How many carry the load.</param>
/// <param name="IsHalted">Whether a failed switch-over holds it down.</param>
/// <param name="IsUp">Whether it does its work.</param>
public readonly record struct GroupState(int Working, int Active, bool IsHalted, bool IsUp);
