namespace Continuity.Vault.Codecs;

/// <summary>What an encoder wrote.</summary>
/// <param name="Codec">How to read it.</param>
/// <param name="Length">Bytes written to the destination.</param>
public readonly record struct EncodedChunk(ChunkCodec Codec, int Length);
