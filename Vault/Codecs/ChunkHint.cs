namespace Continuity.Vault.Codecs;

/// <summary>
/// What is known about a chunk before it is looked at. A wrong hint costs space or time, never correctness.
/// </summary>
/// <param name="regions">
/// Stretches in ascending order that do not overlap; what lies between them is unknown. Empty when nothing is known.
/// </param>
/// <param name="baseOffset">
/// The place in the base bytes that corresponds to the chunk's first byte; negative when the base begins later.
/// </param>
public readonly ref struct ChunkHint(ReadOnlySpan<ChunkRegion> regions, int baseOffset = 0)
{
    /// <summary>Gets the known stretches, in ascending order.</summary>
    public ReadOnlySpan<ChunkRegion> Regions { get; } = regions;

    /// <summary>Gets the place in the base bytes that corresponds to the chunk's first byte.</summary>
    public int BaseOffset { get; } = baseOffset;
}
