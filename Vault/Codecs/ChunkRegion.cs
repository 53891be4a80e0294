namespace Continuity.Vault.Codecs;

/// <summary>A stretch of a chunk whose numbers are of one kind.</summary>
/// <param name="Offset">First byte, counted from the start of the chunk.</param>
/// <param name="Length">Bytes in the stretch.</param>
/// <param name="Kind">What the numbers are.</param>
/// <param name="Phase">
/// Bytes before the first whole number, when the stretch starts inside one; 0 when it starts with a whole number.
/// </param>
public readonly record struct ChunkRegion(int Offset, int Length, ElementKind Kind, int Phase);
