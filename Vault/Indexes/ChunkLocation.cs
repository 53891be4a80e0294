using Continuity.Vault.Packs;

namespace Continuity.Vault.Indexes;

/// <summary>Where a chunk is.</summary>
/// <param name="Pack">The pack's number in the <see cref="PackTable"/>.</param>
/// <param name="Offset">The frame's offset in the pack.</param>
/// <param name="Entry">The chunk as the pack describes it.</param>
internal readonly record struct ChunkLocation(int Pack, int Offset, PackEntry Entry);
