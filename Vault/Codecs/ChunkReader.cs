namespace Continuity.Vault.Codecs;

/// <summary>Reads payloads of every codec: for a decoder, and for an encoder that proves what it wrote.</summary>
internal sealed class ChunkReader(ZstdCodec zstd, PlaneCodec planes, DeltaCodec delta)
{
    public void Decode(ChunkCodec codec, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> baseRaw, Span<byte> raw)
    {
        if (codec == ChunkCodec.Segments)
        {
            DecodeSegments(payload, baseRaw, raw);
            return;
        }

        DecodeStretch(codec, payload, baseRaw, raw);
    }

    private void DecodeSegments(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> baseRaw, Span<byte> raw)
    {
        var reader = new SegmentReader(payload);
        while (reader.TryRead(raw.Length, out var segment))
        {
            DecodeStretch(segment.Codec, segment.Payload, baseRaw, raw[..segment.RawLength]);
            raw = raw[segment.RawLength..];
        }

        if (!raw.IsEmpty)
        {
            CorruptChunkException.Throw(ChunkCodec.Segments, $"the last {raw.Length} bytes have no segment");
        }
    }

    private void DecodeStretch(
        ChunkCodec codec, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> baseRaw, Span<byte> raw)
    {
        switch (codec)
        {
            case ChunkCodec.Raw when payload.Length == raw.Length:
                payload.CopyTo(raw);
                break;
            case ChunkCodec.Raw:
                CorruptChunkException.Throw(codec, $"{payload.Length} bytes are stored instead of {raw.Length}");
                break;
            case ChunkCodec.Zstd:
                zstd.Decode(payload, raw);
                break;
            case ChunkCodec.Planes:
                planes.Decode(payload, raw);
                break;
            case ChunkCodec.Delta:
                delta.Decode(payload, baseRaw, raw);
                break;
            default:
                CorruptChunkException.Throw(
                    codec, "this version does not know that codec here: a newer one may have written it");
                break;
        }
    }
}
