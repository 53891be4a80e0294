namespace Continuity.Reliability.Importance;

/// <summary>How much one basic event matters to the top, at the model's own probabilities.</summary>
/// <param name="Id">The basic event.</param>
/// <param name="Probability">p, its probability.</param>
/// <param name="Birnbaum">
/// P(top | e) - P(top | not e), the partial derivative of the top's probability (Birnbaum 1969). Signed: negative
/// where the
/// event keeps the top from happening.
/// </param>
/// <param name="Criticality">Birnbaum p / P(top).</param>
/// <param name="FussellVesely">
/// P(e | top) = p P(top | e) / P(top), exact; not the rare-event ratio of cut-set sums.
/// </param>
/// <param name="RiskAchievementWorth">P(top | e) / P(top).</param>
public sealed record EventImportance(
    string Id,
    double Probability,
    double Birnbaum,
    double Criticality,
    double FussellVesely,
    double RiskAchievementWorth)
{
    /// <summary>P(top) / P(top | not e); infinite where the top needs the event.</summary>
    public required double RiskReductionWorth { get; init; }
}
