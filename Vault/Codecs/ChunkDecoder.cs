namespace Continuity.Vault.Codecs;

/// <summary>
/// Decodes chunks. Any payload is safe: it gives the bytes asked for, or a <see cref="CorruptChunkException"/>.
/// </summary>
/// <remarks>
/// Time and memory depend on the raw length alone, never on what the payload announces. One instance serves one thread;
/// it keeps its working memory and allocates nothing once that has grown.
/// </remarks>
public sealed class ChunkDecoder : IDisposable
{
    private readonly ZstdCodec _zstd = new();
    private readonly ChunkReader _reader;

    /// <summary>Creates a decoder.</summary>
    public ChunkDecoder()
    {
        var scratch = new CodecScratch();
        var block = new PlaneBlock();
        _reader = new ChunkReader(_zstd, new PlaneCodec(scratch, block), new DeltaCodec(scratch, block));
    }

    /// <summary>Decodes a chunk into the whole of <paramref name="raw"/>.</summary>
    /// <param name="codec">How to read the payload.</param>
    /// <param name="payload">What the encoder wrote.</param>
    /// <param name="baseRaw">The bytes of the base chunk that the encoder was given; empty without one.</param>
    /// <param name="raw">As long as the chunk.</param>
    /// <exception cref="CorruptChunkException">The payload is damaged, or by a codec that this version
    /// lacks.</exception>
    public void Decode(ChunkCodec codec, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> baseRaw, Span<byte> raw)
        => _reader.Decode(codec, payload, baseRaw, raw);

    /// <inheritdoc/>
    public void Dispose() => _zstd.Dispose();
}
