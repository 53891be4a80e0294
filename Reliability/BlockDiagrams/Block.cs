namespace Continuity.Reliability.BlockDiagrams;

/// <summary>A block of a reliability block diagram.</summary>
/// <param name="Id">Unique among components and blocks.</param>
/// <param name="Kind">How it is made of its parts.</param>
/// <param name="Parts">Ids of components and other blocks.</param>
public sealed record Block(string Id, BlockKind Kind, IReadOnlyList<string> Parts)
{
    /// <summary>How many parts of a <see cref="BlockKind.Vote"/> must work.</summary>
    public int Needed { get; init; }

    /// <summary>What a reader is told it is.</summary>
    public string? Label { get; init; }

    /// <summary>Where the source defines it, for errors.</summary>
    public int? Line { get; init; }
}
