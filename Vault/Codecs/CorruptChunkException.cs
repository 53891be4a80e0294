using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Continuity.Vault.Codecs;

/// <summary>A chunk's payload cannot be what an encoder wrote.</summary>
[SuppressMessage("Design", "CA1032", Justification = "The evidence is required.")]
public sealed class CorruptChunkException : Exception
{
    /// <summary>Creates the exception from the evidence.</summary>
    /// <param name="codec">The codec that read the payload.</param>
    /// <param name="evidence">What was found, and what had to be there.</param>
    public CorruptChunkException(ChunkCodec codec, string evidence)
        : base($"The payload of a chunk is damaged (codec {codec}): {evidence}.")
    {
        Codec = codec;
        Evidence = evidence;
    }

    /// <summary>Creates the exception from the evidence and the error that showed it.</summary>
    /// <param name="codec">The codec that read the payload.</param>
    /// <param name="evidence">What was found, and what had to be there.</param>
    /// <param name="innerException">The error of the library that read the payload.</param>
    public CorruptChunkException(ChunkCodec codec, string evidence, Exception innerException)
        : base($"The payload of a chunk is damaged (codec {codec}): {evidence}.", innerException)
    {
        Codec = codec;
        Evidence = evidence;
    }

    /// <summary>Gets the codec that read the payload.</summary>
    public ChunkCodec Codec { get; }

    /// <summary>Gets what was found, and what had to be there.</summary>
    public string Evidence { get; }

    [DoesNotReturn]
    [StackTraceHidden]
    internal static void Throw(ChunkCodec codec, string evidence) => throw new CorruptChunkException(codec, evidence);
}
