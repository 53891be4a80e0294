namespace Continuity.Reliability.Analysis;

/// <summary>An exact analysis needs more decision-diagram nodes than it was given.</summary>
/// <param name="maxNodes">The budget that was reached.</param>
public sealed class ModelTooLargeException(int maxNodes) : Exception(
    $"The model needs more than {maxNodes} decision-diagram nodes: raise AnalysisOptions.MaxNodes "
    + "(16 bytes a node and as "
    + "much again for its look-up), or split the model.")
{
    /// <summary>The budget that was reached.</summary>
    public int MaxNodes { get; } = maxNodes;
}
