namespace Continuity.Reliability.Estimation;

/// <summary>One fault that was seen, by incident or by drill.</summary>
/// <param name="ComponentClass">What failed, as a class of like components: "gpu", "site", "api".</param>
/// <param name="Origin">Whether it came by itself.</param>
/// <param name="RepairHours">
/// How long until it was repaired; null while it is not, or where that is unknown. Above zero and finite.
/// </param>
/// <param name="FailoverSucceeded">Whether what stands by took over as it should; null where nothing was to.</param>
public sealed record FaultRecord(
    string ComponentClass, EvidenceOrigin Origin, double? RepairHours = null, bool? FailoverSucceeded = null);
