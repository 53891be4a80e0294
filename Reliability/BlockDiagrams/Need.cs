namespace Continuity.Reliability.BlockDiagrams;

/// <summary>A number of parts that must be up.</summary>
/// <param name="Count">How many of them.</param>
/// <param name="Of">The parts that count.</param>
public sealed record Need(int Count, IReadOnlyList<string> Of)
{
    /// <summary>All of these.</summary>
    /// <param name="parts">The parts.</param>
    public static Need All(params string[] parts) => new(parts.Length, parts);

    /// <summary>At least one of these.</summary>
    /// <param name="parts">The parts.</param>
    public static Need Any(params string[] parts) => new(1, parts);
}
