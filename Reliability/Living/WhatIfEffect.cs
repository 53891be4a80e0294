namespace Continuity.Reliability.Living;

/// <summary>What a change would bring.</summary>
/// <param name="Description">The change.</param>
/// <param name="Availability">With it.</param>
/// <param name="DowntimeHoursPerYear">With it.</param>
/// <param name="SavedHoursPerYear">Less downtime than without; negative when it makes things worse.</param>
/// <param name="MeetsObjective">Whether the objective would be met; null without one.</param>
public sealed record WhatIfEffect(
    string Description,
    double Availability,
    double DowntimeHoursPerYear,
    double SavedHoursPerYear,
    bool? MeetsObjective);
