namespace Continuity.Vault.Codecs;

/// <summary>Decodes what was encoded and compares it: what a writer does before it stores a chunk.</summary>
/// <remarks>Numbers are compared as they are put together: the chunk isn't written out again.</remarks>
internal sealed class ChunkProof(ChunkReader reader, PlaneCodec planes, CodecScratch scratch)
{
    /// <summary>Whether a payload gives the chunk back.</summary>
    public bool Holds(ChunkCodec codec, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> baseRaw, ReadOnlySpan<byte> raw)
    {
        try
        {
            return codec == ChunkCodec.Segments
                ? SegmentsHold(payload, baseRaw, raw)
                : StretchHolds(codec, payload, baseRaw, raw);
        }
        catch (CorruptChunkException)
        {
            return false;
        }
    }

    private bool SegmentsHold(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> baseRaw, ReadOnlySpan<byte> raw)
    {
        var segments = new SegmentReader(payload);
        while (segments.TryRead(raw.Length, out var segment))
        {
            if (!StretchHolds(segment.Codec, segment.Payload, baseRaw, raw[..segment.RawLength]))
            {
                return false;
            }

            raw = raw[segment.RawLength..];
        }

        return raw.IsEmpty;
    }

    private bool StretchHolds(
        ChunkCodec codec, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> baseRaw, ReadOnlySpan<byte> raw)
    {
        if (codec == ChunkCodec.Planes)
        {
            return planes.Matches(payload, raw);
        }

        var proof = scratch.Proof(raw.Length);
        reader.Decode(codec, payload, baseRaw, proof);
        return raw.SequenceEqual(proof);
    }
}
