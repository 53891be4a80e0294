namespace Continuity.Vault.Codecs;

/// <summary>
/// How the payload of a chunk is to be read. The numbers are format, registered in <c>docs/codecs.md</c>.
/// </summary>
public enum ChunkCodec : byte
{
    /// <summary>The bytes themselves.</summary>
    Raw = 0,

    /// <summary>One zstd frame.</summary>
    Zstd = 1,

    /// <summary>Numbers, split into planes of equally significant bytes, each plane coded on its own.</summary>
    Planes = 2,

    /// <summary>Several stretches, each with a codec of its own.</summary>
    Segments = 3,

    /// <summary>Differences of 16-bit numbers from those of a base chunk.</summary>
    Delta = 4,
}
