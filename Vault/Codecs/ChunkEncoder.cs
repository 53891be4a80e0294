namespace Continuity.Vault.Codecs;

/// <summary>
/// Encodes chunks: looks at the data, tries the codec that fits, and proves the result by decoding it.
/// </summary>
/// <remarks>
/// One instance serves one thread; it keeps its working memory and allocates nothing once that has grown.
/// </remarks>
public sealed class ChunkEncoder : IDisposable
{
    // No plane codec gets numbers below this: a shorter delta needs no comparison.
    private const double PlainlySmall = 0.5;

    private readonly ZstdCodec _zstd = new();
    private readonly CodecScratch _scratch = new();
    private readonly PlaneCodec _planes;
    private readonly DeltaCodec _delta;
    private readonly DataProbe _probe;
    private readonly ChunkProof _proof;
    private readonly SegmentWriter _segments = new();

    /// <summary>Creates an encoder.</summary>
    public ChunkEncoder()
    {
        var block = new PlaneBlock();
        _planes = new PlaneCodec(_scratch, block);
        _delta = new DeltaCodec(_scratch, block);
        _probe = new DataProbe(_zstd);
        _proof = new ChunkProof(new ChunkReader(_zstd, _planes, _delta), _planes, _scratch);
    }

    /// <summary>
    /// Gets how many chunks an encoder wrote that did not decode to what they were; they are stored raw.
    /// </summary>
    /// <value>0, unless there is a defect in a codec or in the machine.</value>
    public long FailedProofs { get; private set; }

    /// <summary>The room that <see cref="Encode"/> asks for.</summary>
    /// <param name="rawLength">The chunk's length.</param>
    public static int MaximumPayloadBytes(int rawLength) => rawLength + 64;

    /// <summary>Encodes a chunk.</summary>
    /// <param name="raw">The chunk.</param>
    /// <param name="hint">What is known about it; <c>default</c> when nothing is.</param>
    /// <param name="baseRaw">The base chunk's bytes, or empty. Decoding a <see cref="ChunkCodec.Delta"/> needs
    /// them.</param>
    /// <param name="destination">At least <see cref="MaximumPayloadBytes"/> bytes.</param>
    /// <returns>The codec and the payload's length, which is at most the chunk's.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public EncodedChunk Encode(
        ReadOnlySpan<byte> raw, in ChunkHint hint, ReadOnlySpan<byte> baseRaw, Span<byte> destination)
    {
        if (destination.Length < MaximumPayloadBytes(raw.Length))
        {
            throw new ArgumentException(
                $"{destination.Length} bytes cannot take a chunk of {raw.Length} bytes.", nameof(destination));
        }

        var encoded = EncodeUnproven(raw, hint, baseRaw, destination);
        if (encoded.Codec == ChunkCodec.Raw
            || _proof.Holds(encoded.Codec, destination[..encoded.Length], baseRaw, raw))
        {
            return encoded;
        }

        FailedProofs++;
        raw.CopyTo(destination);
        return new EncodedChunk(ChunkCodec.Raw, raw.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _zstd.Dispose();

    private EncodedChunk EncodeUnproven(
        ReadOnlySpan<byte> raw, in ChunkHint hint, ReadOnlySpan<byte> baseRaw, Span<byte> destination)
    {
        var basis = new BaseBytes(baseRaw, hint.BaseOffset);
        var segments = _segments.Divide(raw.Length, hint.Regions, basis.Covers(raw.Length));
        if (segments.Length > 1)
        {
            var length = _segments.BeginPayload(destination);
            foreach (ref readonly var segment in segments)
            {
                var part = raw.Slice(segment.Offset, segment.Length);
                var room = destination[length..];
                if (room.Length < MaximumPayloadBytes(part.Length))
                {
                    break;
                }

                var encoded = EncodeStretch(part, segment, basis, room);
                length += _segments.Add(segment, encoded, destination);
            }

            if (_segments.IsComplete && length < raw.Length)
            {
                return new EncodedChunk(ChunkCodec.Segments, length);
            }
        }

        var whole = segments.Length == 1 ? segments[0] : new ChunkRegion(0, raw.Length, ElementKind.Unknown, 0);
        return EncodeStretch(raw, whole, basis, destination);
    }

    private EncodedChunk EncodeStretch(
        ReadOnlySpan<byte> raw, in ChunkRegion region, BaseBytes basis, Span<byte> destination)
    {
        var plan = _probe.Choose(raw, region.Kind, region.Phase);
        var delta = TryEncodeDelta(raw, region, plan, basis, destination);
        if (delta > 0 && delta < raw.Length * PlainlySmall)
        {
            return new EncodedChunk(ChunkCodec.Delta, delta);
        }

        var plain = EncodePlain(raw, plan, destination);
        if (delta == 0 || plain.Length <= delta)
        {
            return plain;
        }

        // Seldom: a delta that is long, and the best there is. It was overwritten; the same input gives it again.
        return new EncodedChunk(ChunkCodec.Delta, TryEncodeDelta(raw, region, plan, basis, destination));
    }

    private int TryEncodeDelta(
        ReadOnlySpan<byte> raw, in ChunkRegion region, in CodingPlan plan, BaseBytes basis, Span<byte> destination)
    {
        if (!basis.TryLocate(region.Offset, raw.Length, out var position))
        {
            return 0;
        }

        var known = region.Kind is not ElementKind.Unknown
            ? region
            : region with { Kind = KindOf(plan.Layout), Phase = plan.Phase };
        return _delta.TryEncode(raw, basis.Bytes, position, known, destination);
    }

    // Which of the 16-bit floats they are hardly matters to a delta.
    private static ElementKind KindOf(PlaneLayout layout) => layout switch
    {
        PlaneLayout.Words => ElementKind.BFloat16,
        PlaneLayout.DoubleWords => ElementKind.Float32,
        _ => ElementKind.Unknown,
    };

    private EncodedChunk EncodePlain(ReadOnlySpan<byte> raw, in CodingPlan plan, Span<byte> destination)
    {
        var length = plan.Codec switch
        {
            ChunkCodec.Zstd => _zstd.TryEncode(raw, destination),
            ChunkCodec.Planes => _planes.TryEncode(raw, plan.Layout, plan.Phase, destination),
            _ => 0,
        };
        if (length > 0)
        {
            return new EncodedChunk(plan.Codec, length);
        }

        raw.CopyTo(destination);
        return new EncodedChunk(ChunkCodec.Raw, raw.Length);
    }
}
