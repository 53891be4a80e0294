namespace Continuity.Cli.Reliability;

/// <summary>What is asked about a model.</summary>
/// <param name="CutSets">Whether minimal cut sets are counted.</param>
/// <param name="TopCutSets">How many of them are listed.</param>
/// <param name="Importance">Whether the importance of every event is computed.</param>
/// <param name="Timeout">For all of it, reading included; null for as long as it takes.</param>
internal sealed record SolveRequest(bool CutSets, int TopCutSets, bool Importance, TimeSpan? Timeout);
