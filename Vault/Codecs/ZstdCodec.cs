using ZstdNet;

namespace Continuity.Vault.Codecs;

/// <summary>Text, structures and the rest: one zstd frame (RFC 8878), by the native library.</summary>
internal sealed class ZstdCodec : IDisposable
{
    private const int Level = 1;

    // ZSTD_c_literalCompressionMode, which the binding doesn't name; 1 is to compress.
    private const ZSTD_cParameter LiteralCompressionMode = (ZSTD_cParameter)1002;

    // Text is a small part of what is backed up, but a tenth of the time that it takes, and backups are waited for.
    // Level 1 with longer steps and a hash table that fits the cache nearest to the core takes three quarters of level
    // 1's time, and stores 6 % more of text. What is no match is still coded, as level 1 does without being asked.
    private static readonly Dictionary<ZSTD_cParameter, int> Parameters = new()
    {
        [ZSTD_cParameter.ZSTD_c_targetLength] = 3,
        [ZSTD_cParameter.ZSTD_c_hashLog] = 13,
        [LiteralCompressionMode] = 1,
    };

    private readonly CompressionOptions _options = new(null, Parameters, Level);
    private readonly Compressor _compressor;
    private readonly Decompressor _decompressor = new();

    public ZstdCodec() => _compressor = new Compressor(_options);

    /// <summary>Encodes if the result is shorter than the source.</summary>
    /// <returns>The frame's length, or 0.</returns>
    public int TryEncode(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        destination = destination[..Math.Min(destination.Length, raw.Length)];
        return TryWrap(raw, destination);
    }

    /// <summary>The part of a sample's length that is left; 1 when it does not shrink.</summary>
    public double EstimateRatio(ReadOnlySpan<byte> sample, Span<byte> destination)
    {
        var length = TryWrap(sample, destination[..Math.Min(destination.Length, sample.Length)]);
        return length == 0 ? 1 : (double)length / sample.Length;
    }

    /// <summary>Decodes a frame to exactly the bytes of <paramref name="raw"/>.</summary>
    /// <exception cref="CorruptChunkException">The frame is damaged or has another length.</exception>
    public void Decode(ReadOnlySpan<byte> payload, Span<byte> raw)
    {
        int length;
        try
        {
            // Into a buffer of the right length: a frame that announces terabytes is an error, not an allocation.
            length = _decompressor.Unwrap(payload, raw, bufferSizePrecheck: false);
        }
        catch (ZstdException exception)
        {
            throw new CorruptChunkException(ChunkCodec.Zstd, "zstd refuses the frame", exception);
        }

        if (length != raw.Length)
        {
            CorruptChunkException.Throw(ChunkCodec.Zstd, $"the frame holds {length} bytes instead of {raw.Length}");
        }
    }

    public void Dispose()
    {
        _compressor.Dispose();
        _decompressor.Dispose();
        _options.Dispose();
    }

    private int TryWrap(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        try
        {
            var length = _compressor.Wrap(raw, destination);
            return length < raw.Length ? length : 0;
        }
        catch (ZstdException exception) when (exception.Code == ZSTD_ErrorCode.ZSTD_error_dstSize_tooSmall)
        {
            return 0; // It does not shrink.
        }
    }
}
